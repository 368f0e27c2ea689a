//! What the process says at its end, in one number. The only table of them; `--help` prints it.
//!
//! Why so few: a script should be able to tell "try again", "fix the input" and "the numbers differ" apart, no more.

use std::fmt;
use std::io::ErrorKind;
use std::process::ExitCode;

use crate::download::DownloadError;
use crate::interrupt::Interrupted;
use crate::training::Diverged;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It did what it was asked.
    Success,
    /// It compared, and found a difference.
    Difference,
    /// It was asked for what it does not know or what cannot be.
    BadInput,
    /// The model's numbers stopped being numbers.
    Diverged,
    /// A file or the network failed.
    Io,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    const ALL: [Exit; 6] =
        [Exit::Success, Exit::Difference, Exit::BadInput, Exit::Diverged, Exit::Io, Exit::Interrupted];

    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Difference => 1,
            Exit::BadInput => 2,
            Exit::Diverged => 3,
            Exit::Io => 4,
            Exit::Interrupted => 130,
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Exit::Success => "all is well (a reader that closed the pipe counts as well)",
            Exit::Difference => "`verify` or `replay` found a difference",
            Exit::BadInput => "bad usage or bad input",
            Exit::Diverged => "the model diverged: its loss or a parameter is no longer a finite number",
            Exit::Io => "a file or the network failed",
            Exit::Interrupted => "interrupted with Ctrl-C",
        }
    }

    /// What an error says at the end of the process. A closed pipe is no error.
    pub(crate) fn of(error: &anyhow::Error) -> Self {
        if error.is::<Interrupted>() || matches!(error.downcast_ref(), Some(DownloadError::Interrupted(_))) {
            Exit::Interrupted
        } else if error.is::<Diverged>() || is_diverged(error) {
            Exit::Diverged
        } else if let Some(error) = error.downcast_ref::<std::io::Error>() {
            if error.kind() == ErrorKind::BrokenPipe { Exit::Success } else { Exit::Io }
        } else if error.is::<DownloadError>() {
            Exit::Io
        } else {
            Exit::BadInput
        }
    }
}

/// Whether nobody reads what is printed any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

fn is_diverged(error: &anyhow::Error) -> bool {
    use glassgpt_core::SamplingError;
    use glassgpt_lab::explain::ExplainError;
    use glassgpt_lab::model_file::ModelFileError;
    matches!(error.downcast_ref(), Some(SamplingError::Diverged))
        || matches!(error.downcast_ref(), Some(ExplainError::Sampling(SamplingError::Diverged)))
        || matches!(error.downcast_ref(), Some(ModelFileError::NotFinite { .. }))
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// The table, for `--help`.
pub(crate) struct Table;

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exit codes:")?;
        for exit in Exit::ALL {
            write!(f, "\n  {:>3}  {}", exit.code(), exit.meaning())?;
        }
        Ok(())
    }
}
