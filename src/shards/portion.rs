//! Which of so many equal parts of something, K/N.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which of so many equal parts of a run or a sweep, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Portion {
    /// The number of the part, counted from 1.
    pub number: usize,
    /// The number of parts in all.
    pub of: usize,
}

impl Portion {
    /// The whole run as one part.
    pub const WHOLE: Portion = Portion { number: 1, of: 1 };

    /// Of `total` trials, or whatever else is shared out, those of this portion, counted from 0: from ⌊total (k − 1) / n⌋ up to ⌊total k / n⌋.
    ///
    /// ```
    /// # use revcast::shards::Portion;
    /// let portions = [1, 2, 3].map(|number| Portion { number, of: 3 }.range(10_000));
    /// assert_eq!(portions, [0..3_333, 3_333..6_666, 6_666..10_000]);
    /// ```
    pub fn range(self, total: usize) -> Range<usize> {
        let end = |k: usize| (total as u128 * k as u128 / self.of as u128) as usize;
        end(self.number - 1)..end(self.number)
    }
}

impl fmt::Display for Portion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Portion {
    type Err = String;

    fn from_str(text: &str) -> Result<Portion, String> {
        let (number, of) = text.split_once('/').ok_or("K/N is asked for, such as 1/4: the first of four parts")?;
        let whole = |text: &str| text.trim().parse::<u32>().map(|x| x as usize).ok();
        // A sum, for schedulers that count from 0 and cannot add: 0+1/4.
        let number = number.split('+').map(whole).sum::<Option<usize>>();
        let (Some(number), Some(of)) = (number, whole(of)) else {
            return Err("K and N are whole numbers, such as 1/4: the first of four parts".to_owned());
        };
        if of == 0 {
            return Err("there is at least 1 part: 1/1 is the whole run".to_owned());
        }
        if number == 0 || number > of {
            return Err(format!("parts are counted from 1: 1/{of} to {of}/{of}"));
        }
        Ok(Portion { number, of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_and_refused() {
        assert_eq!("2/4".parse(), Ok(Portion { number: 2, of: 4 }));
        assert_eq!("0+1/4".parse(), Ok(Portion { number: 1, of: 4 }));
        assert_eq!("4/4".parse::<Portion>().map(|portion| portion.to_string()), Ok("4/4".to_owned()));
        for wrong in [
            "",
            "1",
            "0/4",
            "5/4",
            "1/0",
            "0/0",
            "-1/4",
            "1/x",
            "1/4/2",
            "1.5/2",
            "3+2/4",
            "+/4",
            "1+/4",
            "-1+2/4",
            "99999999999/99999999999",
        ] {
            assert!(wrong.parse::<Portion>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_cover_everything_once() {
        for (total, of) in [(1, 1), (10, 3), (100_000_000, 4_294_967_295), (7, 7), (5, 8)] {
            let some = [1, 2, of / 2, of - 1, of].map(|number| Portion { number: number.clamp(1, of), of });
            for portion in some.into_iter().filter(|portion| portion.number < of) {
                let next = Portion { number: portion.number + 1, of };
                assert_eq!(portion.range(total).end, next.range(total).start);
            }
            assert_eq!(Portion { number: 1, of }.range(total).start, 0);
            assert_eq!(Portion { number: of, of }.range(total).end, total);
        }
    }
}
