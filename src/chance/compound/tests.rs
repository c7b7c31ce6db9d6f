//! Tests of sums as one draw, against quantiles computed apart from revcast (docs/developers/sums.py).

use crate::chance::{Address, DealSize, MoneyShape, Purpose};
use crate::stats::special::{normal_cdf, normal_quantile};

const LEVELS: [f64; 7] = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

/// cv, count, quantiles of a lognormal sum at [`LEVELS`].
const REFERENCE: [(f64, f64, [f64; 7]); 40] = [
    (0.1, 2.0, [1.603914, 1.692792, 1.822394, 1.995011, 2.184006, 2.351287, 2.481665]),
    (0.1, 5.0, [4.350673, 4.501746, 4.716925, 4.994994, 5.289502, 5.542445, 5.735028]),
    (0.1, 10.0, [9.064816, 9.286343, 9.598151, 9.994989, 10.40829, 10.75789, 11.02092]),
    (0.1, 33.0, [31.26722, 31.68568, 32.26713, 32.99499, 33.73931, 34.35858, 34.81855]),
    (0.1, 75.0, [72.36636, 73.00741, 73.89344, 74.99498, 76.11301, 77.03685, 77.71941]),
    (0.1, 333.0, [327.4036, 328.7769, 330.6646, 332.995, 335.3418, 337.2673, 338.6822]),
    (0.1, 5000.0, [4978.19161, 4983.57236, 4990.94129, 4999.99498, 5009.06515, 5016.4719, 5021.89417]),
    (0.1, 1000000.0, [999691.02, 999767.387, 999871.848, 999999.995, 1000128.16, 1000232.66, 1000309.07]),
    (0.3, 2.0, [1.025303, 1.202531, 1.495878, 1.95604, 2.559737, 3.190339, 3.750885]),
    (0.3, 5.0, [3.284879, 3.635418, 4.177031, 4.95472, 5.880712, 6.766606, 7.501591]),
    (0.3, 10.0, [7.43742, 7.991961, 8.819172, 9.954212, 11.23942, 12.41345, 13.35227]),
    (0.3, 33.0, [28.05575, 29.1926, 30.8242, 32.95383, 35.23504, 37.21527, 38.73598]),
    (0.3, 75.0, [67.35776, 69.15875, 71.70225, 74.95373, 78.35717, 81.24974, 83.43443]),
    (0.3, 333.0, [316.4742, 320.4682, 326.0149, 332.9537, 340.0446, 345.9407, 350.3183]),
    (0.3, 5000.0, [4934.84135, 4950.85502, 4972.84422, 4999.95365, 5027.21533, 5049.55396, 5065.95119]),
    (0.3, 1000000.0, [999073.326, 999302.3, 999615.564, 999999.954, 1000384.5, 1000698.11, 1000927.47]),
    (0.8, 2.0, [0.3608923, 0.530933, 0.9023499, 1.739705, 3.395481, 5.964756, 9.176592]),
    (0.8, 5.0, [1.689176, 2.167675, 3.057626, 4.694479, 7.304882, 10.68695, 14.44276]),
    (0.8, 10.0, [4.634084, 5.543057, 7.098759, 9.668156, 13.30299, 17.51313, 21.78967]),
    (0.8, 33.0, [21.56776, 23.85885, 27.42869, 32.63782, 39.0215, 45.41527, 51.08443]),
    (0.8, 75.0, [56.51829, 60.48704, 66.42355, 74.62588, 84.04755, 92.86447, 100.1662]),
    (0.8, 333.0, [291.0043, 300.7011, 314.5703, 332.6157, 351.9201, 368.7074, 381.6609]),
    (0.8, 5000.0, [4828.454, 4870.10259, 4927.76257, 4999.61203, 5072.7356, 5133.3223, 5178.18742]),
    (0.8, 1000000.0, [997531.13, 998140.634, 998975.009, 999999.612, 1001025.49, 1001862.79, 1002475.51]),
    (1.5, 2.0, [0.1192745, 0.217474, 0.497625, 1.396429, 4.060685, 10.20927, 20.9597]),
    (1.5, 5.0, [0.8138026, 1.206496, 2.085274, 4.170898, 8.748366, 17.25622, 30.69054]),
    (1.5, 10.0, [2.715582, 3.617309, 5.397639, 8.997517, 15.65122, 26.38703, 42.10019]),
    (1.5, 33.0, [15.7844, 18.63876, 23.5261, 31.71351, 43.88815, 59.81962, 80.04428]),
    (1.5, 75.0, [45.58217, 51.08991, 59.9412, 73.54075, 91.70951, 112.7955, 136.7753]),
    (1.5, 333.0, [261.2044, 276.5516, 299.4802, 331.2954, 368.5415, 405.2283, 439.414]),
    (1.5, 5000.0, [4687.4962, 4761.45172, 4865.48982, 4998.08102, 5136.92545, 5255.723, 5346.86063]),
    (1.5, 1000000.0, [995381.34, 996519.127, 998078.953, 999998.032, 1001923.57, 1003498.24, 1004652.33]),
    (3.0, 2.0, [0.02903227, 0.06760967, 0.2174601, 0.9414284, 4.368661, 16.74317, 47.74475]),
    (3.0, 5.0, [0.3087141, 0.5415079, 1.189275, 3.274895, 10.02171, 29.18859, 72.61607]),
    (3.0, 10.0, [1.303839, 1.974824, 3.548659, 7.636808, 18.279, 44.26908, 99.472]),
    (3.0, 33.0, [9.99527, 12.81697, 18.26975, 29.26695, 50.91299, 93.19158, 174.4637]),
    (3.0, 75.0, [32.78031, 39.06186, 50.19213, 70.13558, 104.139, 162.0946, 266.2429]),
    (3.0, 333.0, [218.1688, 239.3527, 273.2407, 325.7557, 399.6199, 500.4838, 658.1753]),
    (3.0, 5000.0, [4432.08222, 4557.73556, 4740.91382, 4988.032, 5271.71511, 5557.71245, 5869.08217]),
    (3.0, 1000000.0, [990867.251, 993094.879, 996168.022, 999982.617, 1003853.67, 1007061.22, 1009449.87]),
];

/// The same for wide laws of sizes, up to the widest that is allowed, by a convolution that leaves out sums far beyond the levels.
const WIDE_REFERENCE: [(f64, f64, [f64; 7]); 35] = [
    (5.0, 2.0, [0.01027014, 0.0281767, 0.1139028, 0.6604898, 4.204642, 21.36665, 75.54528]),
    (5.0, 10.0, [0.7355734, 1.217326, 2.490288, 6.429609, 19.45427, 61.12602, 171.2741]),
    (5.0, 33.0, [6.864021, 9.33791, 14.54925, 26.57731, 55.67164, 129.9638, 307.9613]),
    (5.0, 333.0, [184.7637, 208.5807, 248.7895, 317.0109, 429.5563, 631.4611, 1043.77]),
    (5.0, 5000.0, [4177.046, 4345.775, 4600.302, 4964.446, 5430.423, 6021.732, 6986.198]),
    (5.95, 2.0, [0.007273129, 0.0210181, 0.09135272, 0.5812379, 4.090778, 22.72313, 85.94267]),
    (5.95, 10.0, [0.6049287, 1.029972, 2.196867, 6.017293, 19.65278, 67.08065, 201.0637]),
    (5.95, 33.0, [6.017235, 8.345299, 13.38857, 25.55187, 57.00559, 144.1965, 367.0305]),
    (5.95, 333.0, [173.7242, 198.0503, 239.8663, 313.0261, 440.4471, 689.4232, 1233.923]),
    (5.95, 5000.0, [4079.539, 4262.751, 4542.521, 4951.458, 5496.663, 6250.083, 7608.396]),
    (6.02, 2.0, [0.007107641, 0.02061033, 0.0900096, 0.5762079, 4.082305, 22.80935, 86.65197]),
    (6.02, 10.0, [0.5970353, 1.018444, 2.178289, 5.989814, 19.66239, 67.48039, 203.1543]),
    (6.02, 33.0, [5.963926, 8.281955, 13.3128, 25.48157, 57.0888, 145.1764, 371.2487]),
    (6.02, 333.0, [172.9922, 197.3457, 239.2592, 312.74, 441.1847, 693.5628, 1247.901]),
    (6.02, 5000.0, [4072.816, 4256.99, 4538.459, 4950.48, 5501.334, 6266.919, 7655.545]),
    (6.11, 2.0, [0.006903317, 0.02010476, 0.08833432, 0.5698793, 4.07142, 22.9178, 87.55342]),
    (6.11, 10.0, [0.5871704, 1.004, 2.15492, 5.955005, 19.67392, 67.98724, 205.822]),
    (6.11, 33.0, [5.896923, 8.20219, 13.21709, 25.39216, 57.19316, 146.4234, 376.6449]),
    (6.11, 333.0, [172.0655, 196.4525, 238.4877, 312.3739, 442.1213, 698.8585, 1265.857]),
    (6.11, 5000.0, [4064.258, 4249.648, 4533.274, 4949.218, 5507.298, 6288.558, 7716.38]),
    (7.0, 2.0, [0.005293497, 0.0160309, 0.07438496, 0.5146167, 3.965114, 23.86143, 95.878]),
    (7.0, 10.0, [0.5041271, 0.8807301, 1.951102, 5.639309, 19.74505, 72.6058, 231.0366]),
    (7.0, 33.0, [5.315002, 7.502166, 12.36231, 24.563, 58.08415, 158.0253, 428.3824]),
    (7.0, 333.0, [163.6845, 188.3166, 231.3674, 308.8517, 450.7183, 749.6325, 1442.181]),
    (7.0, 5000.0, [3984.406, 4180.784, 4484.118, 4936.599, 5563.935, 6501.685, 8328.773]),
    (8.0, 2.0, [0.00409117, 0.01286101, 0.06286939, 0.4649786, 3.850725, 24.697, 104.1219]),
    (8.0, 10.0, [0.4341931, 0.7743375, 1.768275, 5.336174, 19.75574, 77.07015, 257.0564]),
    (8.0, 33.0, [4.796778, 6.867134, 11.56262, 23.73528, 58.84027, 169.6672, 483.1249]),
    (8.0, 333.0, [155.666, 180.4338, 224.3073, 305.107, 459.1381, 803.3498, 1636.619]),
    (8.0, 5000.0, [3903.679, 4110.514, 4433.032, 4922.266, 5622.925, 6738.03, 9033.151]),
    (10.0, 2.0, [0.002677702, 0.008939963, 0.04753521, 0.3915536, 3.642812, 25.88488, 117.8941]),
    (10.0, 10.0, [0.3386512, 0.6244302, 1.497876, 4.848239, 19.64989, 84.28533, 302.9656]),
    (10.0, 33.0, [4.036957, 5.914034, 10.31472, 22.33565, 59.82991, 189.457, 582.9336]),
    (10.0, 333.0, [142.7824, 167.5629, 212.4354, 298.2489, 472.9796, 901.2509, 2010.745]),
    (10.0, 5000.0, [3764.397, 3987.808, 4341.683, 4893.748, 5728.469, 7196.272, 10464.0]),
];

/// The largest error of a way to draw lognormal sums: of the sum's mean, or of the quantile where that is larger.
fn largest_error(reference: &[(f64, f64, [f64; 7])], draw: impl Fn(&DealSize, f64, f64) -> f64) -> f64 {
    let mut largest = 0.0_f64;
    for (cv, n, quantiles) in reference {
        let size = DealSize::new(MoneyShape::Lognormal, *cv);
        for (u, wanted) in LEVELS.into_iter().zip(*quantiles) {
            let found = draw(&size, *n, u);
            assert!(found.is_finite(), "cv {cv}, n {n}, u {u}: {found}");
            largest = largest.max((found - wanted).abs() / wanted.max(*n));
        }
    }
    largest
}

#[test]
fn lognormal_sums_have_the_quantiles_of_the_exact_convolution() {
    let found = largest_error(&REFERENCE, DealSize::sum);
    assert!(found < 4e-5, "{found:e}");
}

#[test]
fn wide_lognormal_sums_have_the_quantiles_of_the_exact_convolution() {
    let found = largest_error(&WIDE_REFERENCE, DealSize::sum);
    assert!(found < 3e-4, "{found:e}");
}

#[test]
fn sums_of_every_allowed_spread_are_finite_and_ascend() {
    let spreads =
        (1..=1000).map(|i| f64::from(i) / 100.0).filter(|cv| *cv > 5.5 || ((cv * 100.0) as u32).is_multiple_of(25));
    for cv in spreads.chain([1e-6, 1e-3, 8.001]) {
        let size = DealSize::new(MoneyShape::Lognormal, cv);
        for n in [1.0, 2.0, 3.0, 7.0, 16.0, 21.0, 50.0, 330.0, 5000.0] {
            let mut before = 0.0;
            for z in -32..=32 {
                let found = size.sum(n, normal_cdf(f64::from(z) / 4.0));
                assert!(found.is_finite() && found >= before, "cv {cv}, n {n}, z {z}: {found} after {before}");
                before = found;
            }
        }
    }
}

#[test]
fn a_wrong_table_would_be_seen() {
    let normal = largest_error(&REFERENCE, |size, n, u| n + size.cv() * libm::sqrt(n) * normal_quantile(u));
    let shifted = largest_error(&REFERENCE, |size, n, u| size.sum(n + 1.0, u) - 1.0);
    assert!(normal > 0.1 && shifted > 2e-3, "{normal:e} {shifted:e}");
}

#[test]
fn gamma_sums_are_gamma() {
    for cv in [0.1, 0.8, 1.5, 3.0, 10.0] {
        let size = DealSize::new(MoneyShape::Gamma, cv);
        for n in [1.0, 2.0, 7.0, 16.0, 17.0, 40.0, 99.0, 5000.0] {
            for u in LEVELS {
                let x = size.sum(n, u);
                let back = crate::stats::special::gamma_p(n / (cv * cv), x / (cv * cv));
                // By how much the quantile is off, from how much the probability is.
                let step = 1e-4 * n;
                let slope = (crate::stats::special::gamma_p(n / (cv * cv), (x + step) / (cv * cv)) - back) / step;
                let off = (back - u) / slope / n.max(x);
                assert!(off.abs() < if cv > 3.0 { 3e-4 } else { 5e-5 }, "cv {cv}, n {n}, u {u}: {off:e}");
            }
        }
    }
}

#[test]
fn one_size_is_the_size_itself() {
    for (shape, cv) in [(MoneyShape::Lognormal, 0.8), (MoneyShape::Lognormal, 3.0), (MoneyShape::Gamma, 0.8)] {
        let size = DealSize::new(shape, cv);
        for i in 1..2000 {
            let u = f64::from(i) / 2000.0;
            let (found, wanted) = (size.sum(1.0, u), size.draw(u));
            assert!((found / wanted - 1.0).abs() < 2e-5, "{shape:?} {cv} at {u}: {found} is not {wanted}");
        }
    }
}

#[test]
fn mean_and_sd_are_those_of_sums() {
    for (shape, cv) in [
        (MoneyShape::Lognormal, 0.05),
        (MoneyShape::Lognormal, 0.8),
        (MoneyShape::Lognormal, 3.0),
        (MoneyShape::Gamma, 0.8),
        (MoneyShape::Gamma, 3.0),
    ] {
        let size = DealSize::new(shape, cv);
        for n in [1.0, 2.0, 5.0, 16.0, 21.0, 33.0, 75.0, 1000.0, 123_457.0, 1e9, 3e9] {
            // Over z, where the integrands are smooth.
            let (mut mean, mut square) = (0.0, 0.0);
            for i in -8000..=8000 {
                let z = f64::from(i) / 1000.0;
                let weight = crate::stats::special::normal_density(z) / 1000.0;
                let u = normal_cdf(z).min(1.0 - f64::EPSILON / 2.0);
                let off = size.sum(n, u) - n;
                mean += weight * off;
                square += weight * off * off;
            }
            let sd = cv * libm::sqrt(n);
            assert!(mean.abs() < 4e-5 * n, "{shape:?} {cv} n {n}: mean off by {:e}", mean / n);
            assert!((libm::sqrt(square) / sd - 1.0).abs() < 1e-3, "{shape:?} {cv} n {n}: {}", libm::sqrt(square) / sd);
        }
    }
}

#[test]
fn sums_rise_with_the_uniform_number_and_with_their_count() {
    for (shape, cv) in [
        (MoneyShape::Lognormal, 0.001),
        (MoneyShape::Lognormal, 0.2),
        (MoneyShape::Lognormal, 0.8),
        (MoneyShape::Lognormal, 3.0),
        (MoneyShape::Lognormal, 20.0),
        (MoneyShape::Gamma, 0.8),
        (MoneyShape::Gamma, 2.0),
    ] {
        let size = DealSize::new(shape, cv);
        for n in
            (1..80).chain([127, 128, 255, 1000, 1023, 5001, 65_535, 1_000_000, 1 << 20, (1 << 30) - 1]).map(f64::from)
        {
            let mut before = 0.0;
            for i in 0..=3400 {
                let z = f64::from(i - 1700) / 205.0;
                let u = normal_cdf(z).clamp(1.0 / (1u64 << 54) as f64, 1.0 - f64::EPSILON / 2.0);
                let sum = size.sum(n, u);
                // Towards 1 uniform numbers are coarser than this grid; for cv 20 the lowest sums lie below the digits kept.
                let strictly = u < 1.0 - 1e-13 && sum > 0.0;
                assert!(
                    sum > before || sum == before && !strictly,
                    "{shape:?} {cv} n {n} at {z}: {sum} after {before}"
                );
                let more = size.sum(n + 1.0, u);
                assert!(more > sum || sum == 0.0, "{shape:?} {cv} at {z}: {n} give {sum}, one more {more}");
                before = sum;
            }
        }
    }
}

#[test]
fn cells_join_without_a_step_back() {
    let size = DealSize::new(MoneyShape::Lognormal, 3.0);
    for n in [1.0, 3.0, 33.0, 1000.0] {
        for i in -66..=66_i32 {
            // Around the borders of cells, where one cubic follows another.
            let distance = libm::exp2(-1.0 - f64::from(i.abs() / 4)) * (1.0 - f64::from(i.abs() % 4) / 8.0);
            let u = if i < 0 { distance } else { 1.0 - distance };
            let mut before = 0.0;
            for k in -50..=50 {
                let sum = size.sum(n, (u * (1.0 + 1e-9 * f64::from(k))).min(1.0 - f64::EPSILON / 2.0));
                assert!(sum >= before * (1.0 - 1e-15), "n {n} at point {i}: {sum} after {before}");
                before = sum;
            }
        }
    }
}

#[test]
fn far_out_the_largest_deal_decides() {
    // Lognormal, 1 − 10⁻⁶ and 1 − 10⁻¹² quantiles against n P(X > x − (n − 1)).
    let size = DealSize::new(MoneyShape::Lognormal, 3.0);
    let sigma = libm::sqrt(libm::log1p(9.0));
    for (n, tail, tolerance) in [(2.0, 1e-6, 0.02), (10.0, 1e-9, 0.1), (100.0, 1e-12, 0.1)] {
        let x = size.sum(n, 1.0 - tail);
        let one_large = n * normal_cdf(-(libm::log(x - (n - 1.0)) / sigma + sigma / 2.0));
        assert!((one_large / tail - 1.0).abs() < tolerance, "{n}: {one_large:e} is not {tail:e}");
    }
}

#[test]
fn lanes_give_the_bits_of_single_sums() {
    let mut stream = Address::new(8, 0, Purpose::Size, 0, 0).stream(0);
    for (shape, cv) in [(MoneyShape::Lognormal, 0.8), (MoneyShape::Gamma, 1.5), (MoneyShape::Fixed, 0.0)] {
        let size = DealSize::new(shape, cv);
        for most in [2.0, 40.0, 1e7, 1e11] {
            let counts: Vec<f64> = (0..500).map(|_| libm::floor(libm::pow(most, stream.uniform())) - 1.0).collect();
            let uniforms: Vec<f64> = (0..500).map(|_| stream.uniform()).collect();
            let mut values = vec![f64::NAN; 500];
            size.sums(&counts, &uniforms, &mut values);
            for ((n, u), value) in counts.iter().zip(&uniforms).zip(&values) {
                assert_eq!(value.to_bits(), size.sum(*n, *u).to_bits());
                assert!(*n > 0.0 || *value == 0.0);
            }
        }
    }
}

#[test]
fn tables_do_not_depend_on_what_was_asked_first() {
    let ask = |counts: [f64; 3]| {
        let sums = super::table::Sums::new(super::SumDistribution::Lognormal, 0.71);
        let mut found = counts.map(|n| (n, sums.at(n, 0.3).to_bits()));
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found
    };
    assert_eq!(ask([3.0, 75.0, 5000.0]), ask([5000.0, 75.0, 3.0]));
}

#[test]
fn huge_sums_and_odd_laws_are_handled() {
    for (shape, cv) in [(MoneyShape::Lognormal, 0.8), (MoneyShape::Gamma, 0.8), (MoneyShape::Lognormal, 0.001)] {
        let size = DealSize::new(shape, cv);
        for n in [2e9, 1e12] {
            let wanted = n + cv * libm::sqrt(n) * normal_quantile(0.975);
            assert!((size.sum(n, 0.975) - wanted).abs() < 1e-2 * cv * libm::sqrt(n));
        }
    }
    for cv in [0.001, 20.0] {
        for n in [1.0, 2.0, 100.0, 1e6, 1e10] {
            for u in [1.0 / (1u64 << 54) as f64, 0.5, 1.0 - f64::EPSILON / 2.0] {
                for shape in [MoneyShape::Lognormal, MoneyShape::Gamma] {
                    let sum = DealSize::new(shape, cv).sum(n, u);
                    assert!(sum.is_finite() && sum >= 0.0, "{shape:?} {cv} {n} {u}");
                }
            }
        }
    }
}

#[test]
fn the_first_values_stay() {
    let first = |shape, n| {
        let size = DealSize::new(shape, 0.8);
        let mut stream = Address::new(1, 0, Purpose::Size, 0, 0).stream(0);
        std::array::from_fn::<f64, 8, _>(|_| size.sum(n, stream.uniform()))
    };
    let found =
        [first(MoneyShape::Lognormal, 7.0), first(MoneyShape::Lognormal, 4321.0), first(MoneyShape::Gamma, 50.0)];
    assert_eq!(found, FIRST);
}

/// Of a lognormal sum of 7, of 4,321, and a gamma sum of 50, cv 0.8.
const FIRST: [[f64; 8]; 3] = [
    [
        9.106979049073054,
        6.46152526358357,
        8.36121995413548,
        8.18875891575407,
        8.104012574639556,
        5.759583361789809,
        3.224691663186999,
        4.596720999553593,
    ],
    [
        4376.509817550519,
        4314.540876552411,
        4361.200255335406,
        4357.450706521545,
        4355.577227675556,
        4293.585273369782,
        4187.742665480775,
        4252.401848033735,
    ],
    [
        55.979212930753526,
        49.13750308642435,
        54.24501524773087,
        53.82465791559928,
        53.61527088068731,
        46.93153731727015,
        36.63443477930022,
        42.75657569166039,
    ],
];
