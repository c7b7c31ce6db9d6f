//! Sums of deal sizes as the tables give them, for docs/developers/sums.py, which compares them with its reference: `cargo bench --bench sums`.

use revcast::chance::{DealSize, MoneyShape};

fn main() {
    let levels = [1e-6, 0.001, 0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0 - 1e-6];
    let counts = [1.0, 2.0, 3.0, 5.0, 10.0, 17.0, 33.0, 75.0, 100.0, 333.0, 1e3, 5e3, 1e4, 1e5, 1e6];
    for shape in [MoneyShape::Lognormal, MoneyShape::Gamma] {
        for cv in [0.1, 0.3, 0.8, 1.5, 3.0] {
            let size = DealSize::new(shape, cv);
            for n in counts {
                for u in levels {
                    println!("{shape:?} {cv} {n} {u} {:?}", size.sum(n, u));
                }
            }
        }
    }
}
