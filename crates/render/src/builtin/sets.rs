//! Set operators and comparisons.

use super::Row;

pub(super) const MACROS: &[Row] = &[
    Row::dispatch("except"),
    Row::text("default__except", "\n\n    except\n\n"),
    Row::dispatch("intersect"),
    Row::text("default__intersect", "\n\n    intersect\n\n"),
    Row::dispatch("equals"),
    Row::code("default__equals", |call| {
        let behavior = call.path("adapter", &["behavior"])?;
        let flag = call.attr(&behavior, "enable_truthy_nulls_equals_macro")?;
        // `no_warn` reads the flag without a word about its default.
        let truthy = !flag.is_undefined() && call.attr(&flag, "no_warn")?.truth();
        Ok(call.fill(if truthy {
            "case when (({expr1} = {expr2}) or ({expr1} is null and {expr2} is null))\n        then 0\n        else 1\n    \
             end = 0\n"
        } else {
            "({expr1} = {expr2})\n"
        }))
    }),
];
