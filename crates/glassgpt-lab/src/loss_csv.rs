//! The figures of every step as comma-separated values, for spreadsheets and plotting programs.
//!
//! Why every digit: numbers are written so that reading them gives the same bits.

use crate::protocol::StepRecord;

/// One line a step, under a line of names.
#[must_use]
pub fn loss_csv(records: &[StepRecord]) -> String {
    let mut csv = String::from("step,doc,loss,smoothed_loss,learning_rate,grad_norm,mean_abs_update\n");
    for StepRecord { step, doc, loss, smoothed_loss, learning_rate, grad_norm, mean_abs_update } in records {
        csv +=
            &format!("{step},{doc},{loss:?},{smoothed_loss:?},{learning_rate:?},{grad_norm:?},{mean_abs_update:?}\n");
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_to_the_bit() {
        let record = StepRecord {
            step: 1,
            doc: 7,
            loss: 0.1 + 0.2,
            smoothed_loss: 1e-7,
            learning_rate: 0.01,
            grad_norm: 3.0,
            mean_abs_update: 1.0 / 3.0,
        };
        let csv = loss_csv(&[record]);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[1], "1,7,0.30000000000000004,1e-7,0.01,3.0,0.3333333333333333");
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
        let loss: f64 = lines[1].split(',').nth(2).expect("a column").parse().expect("a number");
        assert_eq!(loss.to_bits(), record.loss.to_bits());
    }
}
