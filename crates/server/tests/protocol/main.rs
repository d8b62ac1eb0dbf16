//! The server over a pipe in memory, as a client sees it. Every message it sends is judged by the model of the protocol.

#[cfg(test)]
mod actions;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod completion;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod editor;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod knowledge;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod navigation;
#[cfg(test)]
mod order;
#[cfg(test)]
mod rename;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod status;
#[cfg(test)]
mod structure;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod workspace;
