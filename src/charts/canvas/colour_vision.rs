//! Whether colours can be told apart by eyes that lack one kind of cone.
//!
//! The simulation is that of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
//! Deficiency" (IEEE TVCG 15:6, 2009), with its matrices for severity 1.0, applied to linear RGB. The difference of two
//! colours is ΔE*ab of CIE 1976: the distance in L*a*b* under D65, of which about 2.3 can just be noticed.

use plotters::style::RGBColor;

use super::style;

/// The kinds of colour blindness that are simulated.
#[derive(Clone, Copy, Debug)]
enum Sight {
    Usual,
    Protanopia,
    Deuteranopia,
    Tritanopia,
}

const ALL: [Sight; 4] = [Sight::Usual, Sight::Protanopia, Sight::Deuteranopia, Sight::Tritanopia];

/// Least difference of lines and of parts beside each other, of different meaning: ten times what can just be noticed.
const APART: f64 = 23.0;
/// Least difference of shades of one hue, which lie in their order and are outlined by each other.
const SHADES: f64 = 12.0;

type Matrix = [[f64; 3]; 3];

impl Sight {
    fn matrix(self) -> Matrix {
        match self {
            Sight::Usual => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Sight::Protanopia => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Sight::Deuteranopia => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
            Sight::Tritanopia => [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        }
    }
}

fn times(matrix: Matrix, v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
}

/// L*, a* and b* of a colour as it is seen.
fn seen(colour: RGBColor, sight: Sight) -> [f64; 3] {
    let linear = [colour.0, colour.1, colour.2].map(style::linear);
    let linear = times(sight.matrix(), linear).map(|c| c.clamp(0.0, 1.0));
    // sRGB to XYZ, over the white of D65.
    let to_xyz = [
        [0.412_456_4, 0.357_576_1, 0.180_437_5],
        [0.212_672_9, 0.715_152_2, 0.072_175_0],
        [0.019_333_9, 0.119_192_0, 0.950_304_1],
    ];
    let [x, y, z] = times(to_xyz, linear);
    let f = |t: f64| if t > 216.0 / 24_389.0 { libm::cbrt(t) } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 };
    let (fx, fy, fz) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
    [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
}

/// The least difference of two colours by any kind of sight, and by which.
fn difference(a: RGBColor, b: RGBColor) -> (f64, Sight) {
    let apart = |sight| {
        let (a, b) = (seen(a, sight), seen(b, sight));
        libm::sqrt(a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum())
    };
    let found = ALL.map(|sight| (apart(sight), sight));
    found.into_iter().fold(found[0], |least, next| if next.0 < least.0 { next } else { least })
}

fn check(a: RGBColor, b: RGBColor, least: f64) {
    let (found, sight) = difference(a, b);
    assert!(found >= least, "{a:?} and {b:?} differ by {found:.1} under {sight:?}, not {least}");
}

#[test]
fn lines_of_different_meaning_are_told_apart_and_stand_out_from_the_bands() {
    let lines = [style::MEDIAN, style::TARGET, style::PLAN, style::BUDGET];
    for (i, a) in lines.into_iter().enumerate() {
        for b in lines.into_iter().skip(i + 1).chain(style::BANDS) {
            check(a, b, APART);
        }
    }
}

#[test]
fn bands_are_told_apart() {
    let [outer, middle, inner] = style::BANDS;
    check(outer, middle, SHADES);
    check(middle, inner, SHADES);
    check(outer, inner, SHADES);
    check(outer, RGBColor(0xFF, 0xFF, 0xFF), SHADES / 2.0);
}

#[test]
fn parts_beside_each_other_are_told_apart() {
    let fills = style::PARTS.map(|shade| shade.fill);
    for pair in fills.windows(2) {
        check(pair[0], pair[1], APART);
    }
    // Contributions, where the rest stands after the fifth.
    for pair in [0, 1, 4, 3, 2].map(|i| fills[i]).windows(2) {
        check(pair[0], pair[1], APART);
    }
    check(fills[2], fills[5], APART);
    check(fills[2], style::REST.fill, APART);
    // Any two causes of variance may stand side by side, ranges and pace (0 and 4) where there is no market factor.
    for (a, b) in [(0, 2), (0, 3), (1, 3), (1, 4), (2, 4)] {
        check(fills[a], fills[b], APART);
    }
    check(fills[0], fills[4], SHADES);
    check(style::BANDS[2], style::AGAINST, APART);
}

#[test]
fn sides_are_told_apart_from_each_other_and_from_targets() {
    let lines: Vec<RGBColor> = style::SIDES.into_iter().chain([style::TARGET]).collect();
    for (i, a) in lines.iter().enumerate() {
        for b in &lines[i + 1..] {
            check(*a, *b, APART);
        }
    }
}

#[test]
fn what_is_written_on_a_part_is_legible() {
    for shade in style::PARTS.into_iter().chain([style::REST]) {
        assert!(style::contrast(shade.fill, shade.ink) >= 4.5, "{shade:?}");
    }
}

#[test]
fn red_and_green_would_not_pass() {
    let (red, green) = (RGBColor(0xB0, 0x3A, 0x2E), RGBColor(0x4E, 0x7D, 0x2E));
    let (least, sight) = difference(red, green);
    assert!(least < APART && matches!(sight, Sight::Deuteranopia | Sight::Protanopia), "{least} {sight:?}");
}
