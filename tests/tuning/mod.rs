//! Pages whose inputs can be moved: what their engine says is what a run says, and the module that is committed is that engine.

mod engine;
mod module;
mod page;
