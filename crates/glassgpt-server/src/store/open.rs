//! How a file becomes ours, or is refused and left as it was.
//!
//! Why in two looks: SQLite, opened for writing, may create files, replay a journal and rewrite a header that is none of our
//! business. The first look writes nothing, locks nothing and creates nothing. It cannot see what a killed program left
//! in the file beside (`-wal`), so what it lets through is looked at again under an exclusive lock, and until that second look is
//! content nothing is written either. The lock lasts as long as the connection, and goes with the process, however that ends.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Error, ErrorCode, MAIN_DB, OpenFlags};

use super::claim::Claim;
use super::limits::{JOURNAL_BYTES, LOCK_PATIENCE};
use super::schema::{APPLICATION_ID, MIGRATIONS, VERSION, migrate};
use super::{Place, StoreError};

/// A database that is ours, with all tables in place.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) claim: Option<Claim>,
    /// What to call it in errors.
    pub(super) file: PathBuf,
}

/// Opens it.
///
/// # Errors
/// As [`super::Store::open`].
pub(super) fn open(place: &Place) -> Result<Opened, StoreError> {
    match place {
        Place::Memory => {
            let file = PathBuf::from(":memory:");
            let connection = Connection::open_in_memory().map_err(|error| refusal(&file, error))?;
            Ok(Opened { connection: settle(connection, &file)?, claim: None, file })
        }
        Place::File(path) => {
            let file = real_path(path).map_err(|error| unusable(path, &error))?;
            let claim = Claim::on(&file)?;
            let soundness = look(&file)?;
            let connection = take(&file, soundness)?;
            Ok(Opened { connection, claim: Some(claim), file })
        }
    }
}

/// What the first look found out about the whole file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Soundness {
    Shown,
    /// A journal lies beside it: it may be sound only together with that.
    ToBeShown,
}

/// Absolute and through links, so that every store means the same by it. Makes the folder of a file that is not there yet.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        result => return result,
    }
    let path = std::path::absolute(path)?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(path) };
    fs::create_dir_all(folder)?;
    Ok(fs::canonicalize(folder)?.join(name))
}

/// Looks at a file without touching it. None at all is as good as an empty one.
fn look(file: &Path) -> Result<Soundness, StoreError> {
    let metadata = match fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Soundness::Shown),
        result => result.map_err(|error| unusable(file, &error))?,
    };
    if !metadata.is_file() {
        return Err(StoreError::Unusable { file: file.to_path_buf(), reason: "it is not a file".to_string() });
    }
    if metadata.permissions().readonly() {
        return Err(StoreError::ReadOnly { file: file.to_path_buf() });
    }
    if metadata.len() == 0 {
        return Ok(Soundness::Shown);
    }
    Identity::of_header(file)?.judge(file)?;
    if beside(file, "-wal").exists() {
        return Ok(Soundness::ToBeShown);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(immutable(file), flags).map_err(|error| refusal(file, error))?;
    check(&connection, file)?;
    Identity::of(&connection).map_err(|error| refusal(file, error))?.judge(file)?;
    Ok(Soundness::Shown)
}

/// Makes a file that only its owner can read: it holds what people typed. One that is there stays as it is.
fn make_private(file: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        result => result.map(drop),
    }
}

/// Opens a file for good.
fn take(file: &Path, soundness: Soundness) -> Result<Connection, StoreError> {
    make_private(file).map_err(|error| unusable(file, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).map_err(|error| refusal(file, error))?;
    // Until it is known to be ours, closing it must leave the journal where it is.
    let leave_journal = |leave| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave);
    let second_look = || -> Result<(Identity, bool), Error> {
        leave_journal(true)?;
        connection.busy_timeout(LOCK_PATIENCE)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        let read_only = connection.is_readonly(MAIN_DB)?;
        Ok((Identity::of(&connection)?, read_only))
    };
    let (identity, read_only) = second_look().map_err(|error| refusal(file, error))?;
    if read_only {
        return Err(StoreError::ReadOnly { file: file.to_path_buf() });
    }
    identity.judge(file)?;
    if soundness == Soundness::ToBeShown {
        check(&connection, file)?;
    }
    leave_journal(false).map_err(|error| refusal(file, error))?;
    settle(connection, file)
}

/// How we write, and the tables.
fn settle(mut connection: Connection, file: &Path) -> Result<Connection, StoreError> {
    let mut set = || -> Result<String, Error> {
        let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update_and_check(None, "journal_size_limit", JOURNAL_BYTES, |_| Ok(()))?;
        migrate(&mut connection, MIGRATIONS)?;
        Ok(mode)
    };
    match set().map_err(|error| refusal(file, error))?.as_str() {
        "wal" | "memory" => Ok(connection),
        mode => {
            let reason = format!("where it lies, SQLite can keep its journal as {mode:?} only, not as \"wal\"");
            Err(StoreError::Unusable { file: file.to_path_buf(), reason })
        }
    }
}

/// Whose database it is.
struct Identity {
    application_id: i32,
    version: i32,
    /// Whether anything is in it; taken for granted where it cannot be told.
    blank: bool,
}

impl Identity {
    /// From the first hundred bytes, see <https://sqlite.org/fileformat.html>.
    fn of_header(file: &Path) -> Result<Self, StoreError> {
        let mut header = [0; 100];
        let mut source = File::open(file).map_err(|error| unusable(file, &error))?;
        match source.read_exact(&mut header) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(StoreError::NotADatabase { file: file.to_path_buf() });
            }
            result => result.map_err(|error| unusable(file, &error))?,
        }
        if !header.starts_with(b"SQLite format 3\0") {
            return Err(StoreError::NotADatabase { file: file.to_path_buf() });
        }
        let number = |at: usize| i32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        Ok(Self { application_id: number(68), version: number(60), blank: true })
    }

    fn of(connection: &Connection) -> Result<Self, Error> {
        let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
        let blank = connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
        Ok(Self { application_id: number("application_id")?, version: number("user_version")?, blank })
    }

    /// Ours, or nobody's yet: a program killed while it made its first tables leaves a database with nothing in it.
    fn judge(&self, file: &Path) -> Result<(), StoreError> {
        let file = file.to_path_buf();
        match (self.application_id, self.version) {
            (APPLICATION_ID, 0..=VERSION) => Ok(()),
            (APPLICATION_ID, version) => Err(StoreError::Newer { file, version }),
            (0, 0) if self.blank => Ok(()),
            (application_id, _) => Err(StoreError::Foreign { file, application_id }),
        }
    }
}

/// Reads the whole file.
fn check(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let finding = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match finding.map_err(|error| refusal(file, error))?.as_str() {
        "ok" => Ok(()),
        finding => Err(StoreError::Damaged { file: file.to_path_buf(), finding: finding.to_string() }),
    }
}

fn refusal(file: &Path, error: Error) -> StoreError {
    let (file, reason) = (file.to_path_buf(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotADatabase { file },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { file, finding: reason },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::InUse { file },
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly { file },
        _ => StoreError::Unusable { file, reason },
    }
}

fn unusable(file: &Path, error: &io::Error) -> StoreError {
    StoreError::Unusable { file: file.to_path_buf(), reason: error.to_string() }
}

/// SQLite's name for what lies beside a database.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    PathBuf::from(name)
}

/// The URI under which SQLite believes that nobody changes the file, so that it needs neither lock nor journal.
fn immutable(file: &Path) -> String {
    let path = file.as_os_str().as_encoded_bytes();
    let path = if cfg!(windows) { path.strip_prefix(br"\\?\").unwrap_or(path) } else { path };
    let mut uri = String::from(if path.starts_with(b"/") { "file://" } else { "file:///" });
    for &byte in path {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    uri + "?immutable=1"
}
