//! Python's `itertools`, as far as dbt hands it out. Iterators without an end are held back by what a rendering may use up.

use crate::{Args, Cx, Error, Value};

use crate::python::iterate::{Iter, Step, iterate as all, steps};
use crate::python::{binary, params};

/// The functions that dbt hands out (`get_itertools_module_context`).
pub(super) fn module() -> Value {
    let functions: [(&'static str, crate::Body); 14] = [
        ("count", count),
        ("cycle", cycle),
        ("repeat", repeat),
        ("accumulate", accumulate),
        ("chain", chain),
        ("compress", compress),
        ("islice", islice),
        ("starmap", starmap),
        ("tee", tee),
        ("zip_longest", zip_longest),
        ("product", product),
        ("permutations", permutations),
        ("combinations", |cx, args| combinations(cx, args, false)),
        ("combinations_with_replacement", |cx, args| {
            combinations(cx, args, true)
        }),
    ];
    Value::dict(
        functions
            .into_iter()
            .map(|(name, body)| (name, Value::function(name, body))),
    )
}

fn of_items(kind: &'static str, items: Vec<Value>) -> Value {
    let mut items = items.into_iter();
    Iter::iterator(kind, Box::new(move |_| Ok(items.next())))
}

fn count(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [start, step] = args.bind("count", ["start", "step"], 0)?;
    let (mut next, step) = (start.unwrap_or(Value::Int(0)), step.unwrap_or(Value::Int(1)));
    Ok(Iter::iterator(
        "itertools.count",
        Box::new(move |cx| {
            let after = binary(cx, "+", &next, &step)?;
            Ok(Some(std::mem::replace(&mut next, after)))
        }),
    ))
}

fn cycle(cx: &Cx, args: Args) -> Result<Value, Error> {
    let mut source = steps(cx, &params::one(args, "cycle")?)?;
    let (mut seen, mut place, mut ended) = (Vec::new(), 0, false);
    Ok(Iter::iterator(
        "itertools.cycle",
        Box::new(move |cx| {
            if !ended {
                if let Some(item) = source(cx)? {
                    seen.push(item.clone());
                    return Ok(Some(item));
                }
                ended = true;
            }
            let item: Option<Value> = seen.get(place).cloned();
            place = if place + 1 < seen.len() { place + 1 } else { 0 };
            Ok(item)
        }),
    ))
}

fn repeat(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let [item, times] = args.bind("repeat", ["object", "times"], 1)?;
    let item = item.unwrap_or_default();
    let mut left = times.map(|times| params::int(&times)).transpose()?;
    Ok(Iter::iterator(
        "itertools.repeat",
        Box::new(move |_| {
            if let Some(left) = &mut left {
                if *left <= 0 {
                    return Ok(None);
                }
                *left -= 1;
            }
            Ok(Some(item.clone()))
        }),
    ))
}

fn accumulate(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [items, function, initial] = args.bind("accumulate", ["iterable", "func", "initial"], 1)?;
    let mut source = steps(cx, &items.unwrap_or_default())?;
    let function = params::given(function);
    let mut first = params::given(initial);
    let mut total: Option<Value> = None;
    Ok(Iter::iterator(
        "itertools.accumulate",
        Box::new(move |cx| {
            if let Some(first) = first.take() {
                total = Some(first.clone());
                return Ok(Some(first));
            }
            let Some(item) = source(cx)? else { return Ok(None) };
            let next = match (&total, &function) {
                (None, _) => item,
                (Some(total), None) => binary(cx, "+", total, &item)?,
                (Some(total), Some(function)) => cx.call(function, Args::of(vec![total.clone(), item]))?,
            };
            total = Some(next.clone());
            Ok(Some(next))
        }),
    ))
}

#[expect(clippy::unnecessary_wraps, reason = "every function has this form")]
fn chain(_cx: &Cx, args: Args) -> Result<Value, Error> {
    let mut sources = args.positional.into_iter();
    let mut current: Option<Step> = None;
    Ok(Iter::iterator(
        "itertools.chain",
        Box::new(move |cx| {
            loop {
                if let Some(step) = &mut current
                    && let Some(item) = step(cx)?
                {
                    return Ok(Some(item));
                }
                match sources.next() {
                    Some(source) => current = Some(steps(cx, &source)?),
                    None => return Ok(None),
                }
            }
        }),
    ))
}

fn compress(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [data, selectors] = args.bind("compress", ["data", "selectors"], 2)?;
    let mut data = steps(cx, &data.unwrap_or_default())?;
    let mut selectors = steps(cx, &selectors.unwrap_or_default())?;
    Ok(Iter::iterator(
        "itertools.compress",
        Box::new(move |cx| {
            while let (Some(item), Some(selector)) = (data(cx)?, selectors(cx)?) {
                cx.spend(1)?;
                if selector.truth() {
                    return Ok(Some(item));
                }
            }
            Ok(None)
        }),
    ))
}

fn islice(cx: &Cx, args: Args) -> Result<Value, Error> {
    let given = args.positional.len();
    let [items, first, second, third] = params::places::<4>(args, "islice", 2)?;
    let (start, stop, step) = if given == 2 {
        (None, first, None)
    } else {
        (first, second, third)
    };
    let number = |value: Option<Value>, default: usize| match params::given(value) {
        None => Ok(default),
        Some(value) if given == 2 => params::int(&value)
            .ok()
            .and_then(|value| usize::try_from(value).ok())
            .ok_or_else(|| {
                Error::value_error(
                    "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
                )
            }),
        Some(value) => params::int(&value)
            .ok()
            .and_then(|value| usize::try_from(value).ok())
            .ok_or_else(|| {
                Error::value_error("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
            }),
    };
    let (mut next, stop) = (number(start, 0)?, number(stop, usize::MAX)?);
    let step = number(step, 1)?;
    if step == 0 {
        return Err(Error::value_error(
            "Step for islice() must be a positive integer or None.",
        ));
    }
    let mut source = steps(cx, &items.unwrap_or_default())?;
    let mut place = 0;
    Ok(Iter::iterator(
        "itertools.islice",
        Box::new(move |cx| {
            while place < stop && next < stop {
                let Some(item) = source(cx)? else { return Ok(None) };
                cx.spend(1)?;
                place += 1;
                if place == next + 1 {
                    next += step;
                    return Ok(Some(item));
                }
            }
            Ok(None)
        }),
    ))
}

fn starmap(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [function, items] = params::places::<2>(args, "starmap", 2)?;
    let function = function.unwrap_or_default();
    let mut source = steps(cx, &items.unwrap_or_default())?;
    Ok(Iter::iterator(
        "itertools.starmap",
        Box::new(move |cx| match source(cx)? {
            Some(item) => cx.call(&function, Args::of(all(cx, &item)?)).map(Some),
            None => Ok(None),
        }),
    ))
}

fn tee(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [items, count] = params::places::<2>(args, "tee", 1)?;
    let items = all(cx, &items.unwrap_or_default())?;
    let count = usize::try_from(params::int_or(count.as_ref(), 2)?)
        .map_err(|_| Error::value_error("n must be >= 0"))?;
    cx.spend(count.saturating_mul(items.len() + 1) as u64)?;
    Ok(Value::tuple(
        (0..count)
            .map(|_| of_items("itertools._tee", items.clone()))
            .collect(),
    ))
}

fn zip_longest(cx: &Cx, mut args: Args) -> Result<Value, Error> {
    let fill = args.take_keyword("fillvalue").unwrap_or_default();
    let mut sources = args
        .positional
        .iter()
        .map(|source| steps(cx, source))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Iter::iterator(
        "itertools.zip_longest",
        Box::new(move |cx| {
            let mut any = false;
            let mut row = Vec::with_capacity(sources.len());
            for source in &mut sources {
                let item = source(cx)?;
                any |= item.is_some();
                row.push(item.unwrap_or_else(|| fill.clone()));
            }
            Ok(any.then(|| Value::tuple(row)))
        }),
    ))
}

fn product(cx: &Cx, mut args: Args) -> Result<Value, Error> {
    let repeat = args
        .take_keyword("repeat")
        .map_or(Ok(1), |repeat| params::int(&repeat))?;
    let repeat =
        usize::try_from(repeat).map_err(|_| Error::value_error("repeat argument cannot be negative"))?;
    cx.spend(repeat as u64)?;
    let pools = args
        .positional
        .iter()
        .map(|pool| all(cx, pool))
        .collect::<Result<Vec<_>, _>>()?;
    let pools: Vec<Vec<Value>> = (0..repeat).flat_map(|_| pools.clone()).collect();
    let mut places = Some(vec![0; pools.len()]).filter(|_| pools.iter().all(|pool| !pool.is_empty()));
    Ok(Iter::iterator(
        "itertools.product",
        Box::new(move |_| {
            let Some(now) = &mut places else { return Ok(None) };
            let row = now
                .iter()
                .zip(&pools)
                .filter_map(|(place, pool)| pool.get(*place).cloned())
                .collect();
            let mut more = false;
            for (place, pool) in now.iter_mut().zip(&pools).rev() {
                *place += 1;
                if *place < pool.len() {
                    more = true;
                    break;
                }
                *place = 0;
            }
            if !more {
                places = None;
            }
            Ok(Some(Value::tuple(row)))
        }),
    ))
}

fn permutations(cx: &Cx, args: Args) -> Result<Value, Error> {
    let [items, length] = args.bind("permutations", ["iterable", "r"], 1)?;
    let items = all(cx, &items.unwrap_or_default())?;
    let length = match params::given(length) {
        None => items.len(),
        Some(length) => usize::try_from(params::int(&length)?)
            .map_err(|_| Error::value_error("r must be non-negative"))?,
    };
    let count = items.len();
    let mut indices: Vec<usize> = (0..count).collect();
    let mut cycles: Vec<usize> = (0..length).map(|place| count.saturating_sub(place)).collect();
    let mut state = if length > count { None } else { Some(true) };
    Ok(Iter::iterator(
        "itertools.permutations",
        Box::new(move |cx| {
            let Some(first) = state else { return Ok(None) };
            cx.spend(1)?;
            if !first && !advance(&mut indices, &mut cycles) {
                state = None;
                return Ok(None);
            }
            state = Some(false);
            Ok(Some(Value::tuple(
                indices
                    .iter()
                    .take(length)
                    .filter_map(|index| items.get(*index).cloned())
                    .collect(),
            )))
        }),
    ))
}

/// The next order of the indices, as CPython goes through them (`Modules/itertoolsmodule.c`).
fn advance(indices: &mut [usize], cycles: &mut [usize]) -> bool {
    let count = indices.len();
    for place in (0..cycles.len()).rev() {
        let (Some(cycle), Some(tail)) = (cycles.get_mut(place), indices.get_mut(place..)) else {
            return false;
        };
        *cycle -= 1;
        if *cycle == 0 {
            tail.rotate_left(1);
            *cycle = count - place;
        } else {
            let other = count - *cycle;
            indices.swap(place, other);
            return true;
        }
    }
    false
}

fn combinations(cx: &Cx, args: Args, again: bool) -> Result<Value, Error> {
    let name = if again {
        "combinations_with_replacement"
    } else {
        "combinations"
    };
    let [items, length] = args.bind(name, ["iterable", "r"], 2)?;
    let items = all(cx, &items.unwrap_or_default())?;
    let length = usize::try_from(params::int(&length.unwrap_or_default())?)
        .map_err(|_| Error::value_error("r must be non-negative"))?;
    cx.spend(length as u64)?;
    let count = items.len();
    let possible = if again {
        count > 0 || length == 0
    } else {
        length <= count
    };
    let mut places: Option<Vec<usize>> = possible.then(|| {
        if again {
            vec![0; length]
        } else {
            (0..length).collect()
        }
    });
    let kind = if again {
        "itertools.combinations_with_replacement"
    } else {
        "itertools.combinations"
    };
    Ok(Iter::iterator(
        kind,
        Box::new(move |cx| {
            let Some(now) = &mut places else { return Ok(None) };
            cx.spend(1)?;
            let row = now
                .iter()
                .filter_map(|place| items.get(*place).cloned())
                .collect();
            let highest = |index: usize| if again { count - 1 } else { index + count - length };
            match (0..length)
                .rev()
                .find(|index| now.get(*index).is_some_and(|place| *place < highest(*index)))
            {
                None => places = None,
                Some(index) => {
                    let next = now.get(index).copied().unwrap_or(0) + 1;
                    for (offset, place) in now.iter_mut().skip(index).enumerate() {
                        *place = if again { next } else { next + offset };
                    }
                }
            }
            Ok(Some(Value::tuple(row)))
        }),
    ))
}
