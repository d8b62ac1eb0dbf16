//! A sign of life on standard error, for work that takes longer than a moment.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::streams::Streams;

/// Work that is shorter than this shows nothing.
const DELAY: Duration = Duration::from_millis(300);

const TICK: Duration = Duration::from_millis(100);
const FRAMES: [char; 4] = ['|', '/', '-', '\\'];

/// Shows one line until it is dropped, and then takes the line away again.
#[derive(Debug)]
pub(crate) struct Progress {
    stop: Option<Sender<()>>,
    painter: Option<JoinHandle<()>>,
}

impl Progress {
    /// Waits for what takes longer than a moment, where somebody sees it and has not asked for quiet.
    pub(crate) fn of(streams: &Streams<'_>, quiet: bool, what: impl Into<String>) -> Option<Self> {
        (streams.err_is_terminal && !quiet).then(|| Self::start(std::io::stderr(), what, DELAY))
    }

    /// Starts to wait; after `delay` the line appears. The writer has to be a terminal.
    fn start(mut writer: impl Write + Send + 'static, what: impl Into<String>, delay: Duration) -> Self {
        let (stop, stopped) = mpsc::channel::<()>();
        let what = what.into();
        let painter = thread::Builder::new().name("progress".to_owned()).spawn(move || {
            let began = Instant::now();
            let mut pause = delay;
            let mut frames = FRAMES.iter().cycle();
            let mut shown = false;
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let frame = frames.next().unwrap_or(&' ');
                let seconds = began.elapsed().as_secs_f32();
                // A terminal that cannot be written to is no reason to stop working.
                let _ = write!(writer, "\r{frame} {what} {seconds:.1} s\x1b[K").and_then(|()| writer.flush());
                shown = true;
                pause = TICK;
            }
            if shown {
                let _ = write!(writer, "\r\x1b[K").and_then(|()| writer.flush());
            }
        });
        Self {
            stop: Some(stop),
            painter: painter.ok(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(painter) = self.painter.take() {
            let _ = painter.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn short_work_shows_nothing() {
        let shared = Shared::default();
        drop(Progress::start(shared.clone(), "Checking", Duration::MAX));
        assert!(shared.0.lock().unwrap().is_empty());
    }

    #[test]
    fn the_line_appears_and_is_taken_away() {
        let shared = Shared::default();
        let progress = Progress::start(shared.clone(), "Checking", Duration::ZERO);
        while shared.0.lock().unwrap().is_empty() {
            thread::yield_now();
        }
        drop(progress);
        let text = String::from_utf8(shared.0.lock().unwrap().clone()).unwrap();
        assert!(text.starts_with("\r| Checking "), "{text:?}");
        assert!(text.ends_with("\r\x1b[K"), "{text:?}");
    }
}
