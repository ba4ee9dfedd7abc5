//! The data folder of the embedded store: one process at a time, and nobody else's to read.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// The embedded store's file in the folder.
pub(crate) const STORE: &str = "acs.db";

/// A data folder that this process holds. The lock ends with the process, however it ends.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder if it is not there (mode 0700) and takes its lock.
    pub fn hold(path: &Path) -> Result<Self> {
        make(path)?;
        let show = path.display();
        let lock_path = path.join("lock");
        let mut lock = private()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .with_context(|| format!("the data folder {show} is not writable; mend its rights or choose another with ACS__DATA_DIR"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _unreadable = lock.read_to_string(&mut holder);
                bail!(
                    "the data folder {show} is in use by another process ({}); stop it, or choose another folder with ACS__DATA_DIR",
                    holder.trim()
                );
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("the data folder {show} cannot be locked"));
            }
        }
        note_holder(&mut lock)
            .with_context(|| format!("the data folder {show} cannot be written to; is the disk full?"))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes the folder if it is not there (mode 0700).
pub(crate) fn make(path: &Path) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.with_context(|| {
        format!(
            "the data folder {} cannot be made; choose another with ACS__DATA_DIR",
            path.display()
        )
    })
}

fn note_holder(lock: &mut File) -> io::Result<()> {
    lock.set_len(0)?;
    writeln!(lock, "process {}", std::process::id())?;
    lock.sync_all()
}

/// Reads a private file (mode 0600), or makes it with what `make` gives. Whole or not at all: a crash leaves no half.
pub(crate) fn read_or_make(path: &Path, make: impl FnOnce() -> String) -> Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))
                .with_context(|| format!("{} cannot be made private", path.display()))?;
            Ok(text)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = make();
            write_private(path, &text).with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(text)
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = private().write(true).create(true).truncate(true).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_folder_is_held_by_one_process_and_private() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("data");
        let held = DataDir::hold(&path).unwrap();
        assert_eq!((mode(&path), mode(&path.join("lock"))), (0o700, 0o600));
        let refused = DataDir::hold(&path).unwrap_err().to_string();
        assert!(refused.contains("in use by another process"), "{refused}");
        assert!(refused.contains(&std::process::id().to_string()), "{refused}");
        drop(held);
        DataDir::hold(&path).unwrap();
    }

    #[test]
    fn a_private_file_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.toml");
        assert_eq!(read_or_make(&path, || "first".to_owned()).unwrap(), "first");
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(read_or_make(&path, || "second".to_owned()).unwrap(), "first");
        assert_eq!(mode(&path), 0o600, "rights that were opened are closed again");
    }

    #[test]
    fn a_folder_that_cannot_be_made_says_what_to_do() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let refused = format!("{:#}", DataDir::hold(&file.path().join("data")).unwrap_err());
        assert!(refused.contains("ACS__DATA_DIR"), "{refused}");
    }
}
