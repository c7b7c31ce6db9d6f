//! The engine of revcast as a WebAssembly module without imports: three functions on bytes in its memory. The page calls `open` once with its scenario,
//! then `answer` with questions; both take a text that was written to what `reserve` gave, and give back another.
//!
//! A text that is given back begins with its length in bytes, four of them, least first. It stays until the next call.

use std::cell::RefCell;

use revcast::report::Tuning;

/// What a page has open, and the texts that it and the module hand each other.
#[derive(Default)]
struct Desk {
    tuning: Option<Tuning>,
    question: Vec<u8>,
    answer: Vec<u8>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Room for a text of so many bytes, which the caller writes there.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(bytes: usize) -> *mut u8 {
    DESK.with_borrow_mut(|desk| {
        desk.question = vec![0; bytes];
        desk.question.as_mut_ptr()
    })
}

/// Opens the scenario in the text; what is given back says what is wrong with it, and is empty where nothing is.
#[unsafe(no_mangle)]
pub extern "C" fn open() -> *const u8 {
    DESK.with_borrow_mut(|desk| {
        let opened = text(&desk.question).and_then(|document| Tuning::open(&document));
        let said = match opened {
            Ok(tuning) => {
                desk.tuning = Some(tuning);
                String::new()
            }
            Err(faults) => faults,
        };
        desk.give(&said)
    })
}

/// Answers the question in the text.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> *const u8 {
    DESK.with_borrow_mut(|desk| {
        let question = text(&desk.question);
        let said = match (desk.tuning.as_mut(), question) {
            (Some(tuning), Ok(question)) => tuning.answer(&question),
            _ => String::from(r#"{"faults":"no scenario is open"}"#),
        };
        desk.give(&said)
    })
}

impl Desk {
    fn give(&mut self, said: &str) -> *const u8 {
        self.answer.clear();
        self.answer.extend_from_slice(&(said.len() as u32).to_le_bytes());
        self.answer.extend_from_slice(said.as_bytes());
        self.answer.as_ptr()
    }
}

fn text(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())
}
