//! How a CSV table is written down.

use std::str::FromStr;

use thiserror::Error;

/// How a CSV table is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvStyle {
    /// As RFC 4180 and most programs have it, with lines that end in LF: commas between fields, decimal points.
    #[default]
    Plain,
    /// As a European Excel opens it with a double click: byte order mark, semicolons, decimal commas, lines that end in CRLF.
    ExcelEu,
}

/// A name that is none of a style's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{0}\" is no style of CSV; it is plain or excel-eu")]
pub struct CsvStyleError(pub String);

impl CsvStyle {
    /// All styles, in the order of the help.
    pub const ALL: [CsvStyle; 2] = [CsvStyle::Plain, CsvStyle::ExcelEu];

    /// The name of the style on the command line.
    pub fn name(self) -> &'static str {
        match self {
            CsvStyle::Plain => "plain",
            CsvStyle::ExcelEu => "excel-eu",
        }
    }
}

impl FromStr for CsvStyle {
    type Err = CsvStyleError;

    fn from_str(name: &str) -> Result<CsvStyle, CsvStyleError> {
        CsvStyle::ALL.into_iter().find(|style| style.name() == name).ok_or_else(|| CsvStyleError(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_known_by_its_name() {
        for style in CsvStyle::ALL {
            assert_eq!(style.name().parse(), Ok(style));
        }
        assert!("excel".parse::<CsvStyle>().is_err());
    }
}
