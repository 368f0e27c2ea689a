//! Documents written on request, and what the model would write now.
//!
//! Why the generator's place is a number: what is drawn on request moves the experiment's own generator, and a moment is
//! whole only if it brings that back too. How many numbers were drawn says it in eight bytes instead of 2,500.

use glassgpt_core::Sampling;

use super::Session;
use crate::limits::check_sampling;
use crate::protocol::{Event, LiveSamples, Refusal, Samples};
use crate::trace::MAX_NUMBERS_DRAWN;
use crate::view;

impl Session {
    pub(super) fn sample(&mut self, count: u32, sampling: Sampling, prefix: String) -> Result<Vec<Event>, Refusal> {
        check_sampling(count, &sampling)?;
        let setup = self.trainer.setup();
        let prefix_tokens = setup.tokenizer.encode(&prefix)?;
        let mut random = setup.random.clone();
        let samples = view::write(setup, self.corpus(), &mut random, count as usize, &sampling, &prefix_tokens)?;
        let block_size = setup.plan.config().block_size as usize;
        let drawn = |len: usize| view::numbers_drawn(len, prefix_tokens.len(), block_size, &sampling);
        let place = self.place + samples.iter().map(|sample| drawn(sample.text.chars().count())).sum::<u64>();
        if place > MAX_NUMBERS_DRAWN {
            return Err(Refusal::general(format!(
                "the experiment's generator has drawn {MAX_NUMBERS_DRAWN} numbers for samples, the most that a trace can repeat; reset to begin anew"
            )));
        }
        self.place = place;
        self.history.note_generator(place, &random);
        *self.trainer.random() = random;
        if !self.is_in_the_past() {
            self.history.course_mut(self.branch).draw(self.place);
        }
        let samples = Samples { step: self.steps_done(), sampling, prefix, samples };
        self.samples = Some(samples.clone());
        Ok(vec![Event::Sampled { samples }])
    }

    /// Moves the generator down its stream, as writing on request did; `place` is how many numbers were drawn in all.
    pub(crate) fn draw_to(&mut self, place: u64) {
        for _ in self.place..place {
            self.trainer.random().random();
        }
        self.place = place;
        let random = self.trainer.random().clone();
        self.history.note_generator(place, &random);
        self.history.course_mut(self.branch).draw(place);
        self.live_samples = self.write_live();
    }

    /// What the model writes now.
    pub(super) fn write_live(&self) -> LiveSamples {
        view::live_samples(self.trainer.setup(), self.corpus(), self.steps_done(), self.settings().temperature)
    }
}
