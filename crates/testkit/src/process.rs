//! A program of the workspace as a process of its own: with an environment of its own, watched, and ended with its test.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

/// How long a test waits for anything of a process. Far above what it takes: only what is stuck meets it.
const PATIENCE: Duration = Duration::from_secs(100);
/// Where the system's own programs are: those in which a test wraps the program.
const SYSTEM: &str = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

/// How a program is started. It sees no variable but those that are set here, and no file of the repository.
#[derive(Debug, Clone)]
pub struct Program {
    path: PathBuf,
    folder: PathBuf,
    wrapper: Vec<String>,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl Program {
    /// The program at `path`, such as `env!("CARGO_BIN_EXE_worker")`, with `folder` as its working directory.
    #[must_use]
    pub fn new(path: &str, folder: &Path) -> Self {
        let (wrapper, arguments) = Default::default();
        let variables = vec![("PATH".to_owned(), SYSTEM.to_owned())];
        Self {
            path: path.into(),
            folder: folder.to_owned(),
            wrapper,
            arguments,
            variables,
        }
    }

    /// Another program of the same build. It is there when the whole workspace is tested.
    #[must_use]
    pub fn beside(path: &str, name: &str, folder: &Path) -> Self {
        let path = Path::new(path).with_file_name(name);
        assert!(
            path.exists(),
            "{} is not built: run the tests with `tests/run`",
            path.display()
        );
        Self::new(&path.display().to_string(), folder)
    }

    /// Sets a variable; the last setting of a name counts.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets several variables.
    #[must_use]
    pub fn set_all<'a>(self, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        variables
            .into_iter()
            .fold(self, |program, (name, value)| program.set(name, value))
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Starts it by this command, to which program and arguments are appended. It must replace itself by them.
    #[must_use]
    pub fn within(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// As an ordinary user would start it: without the rights by which root passes by those of files.
    #[must_use]
    pub fn without_privileges(self) -> Self {
        if is_root() {
            self.within(&["setpriv", "--bounding-set=-all", "--inh-caps=-all"])
        } else {
            self
        }
    }

    /// With a small disk of its own at `folder`, which no other process sees.
    #[must_use]
    pub fn on_disk_of(self, bytes: u64, folder: &Path) -> Self {
        let script = "mount -t tmpfs -o size=\"$0\",mode=0700 tmpfs \"$1\" && shift && exec \"$@\"";
        let (bytes, folder) = (bytes.to_string(), folder.display().to_string());
        self.within(&[
            "unshare",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            &bytes,
            &folder,
        ])
    }

    /// Starts it.
    #[must_use]
    pub fn start(&self) -> Running {
        let path = self.path.display().to_string();
        let mut words = self.wrapper.iter().chain([&path]).chain(&self.arguments);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).current_dir(&self.folder).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut listening = JoinSet::new();
        let stdout = listen(&mut listening, child.stdout.take().unwrap());
        let stderr = listen(&mut listening, child.stderr.take().unwrap());
        Running {
            id: child.id().unwrap(),
            child,
            stdout,
            stderr,
            listening,
        }
    }

    /// Runs it to its end.
    pub async fn run(&self) -> Ended {
        self.start().ended().await
    }
}

/// A process under way. It is killed when dropped.
#[derive(Debug)]
pub struct Running {
    id: u32,
    child: Child,
    stdout: watch::Receiver<String>,
    stderr: watch::Receiver<String>,
    listening: JoinSet<()>,
}

/// A process that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Running {
    /// The id of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What it complained of so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.stderr.borrow().clone()
    }

    /// Waits until its error stream, where it speaks to people, contains `words`; `Err` when it ends before.
    pub async fn until_said(mut self, words: &str) -> Result<Self, Ended> {
        let contain = |text: &String| text.contains(words);
        let said = timeout(PATIENCE, self.stderr.wait_for(contain))
            .await
            .map(|said| said.is_ok());
        self.after(words, said).await
    }

    /// Waits until its log contains `words`; `Err` when it ends before.
    pub async fn until_logged(mut self, words: &str) -> Result<Self, Ended> {
        let contain = |text: &String| text.contains(words);
        let logged = timeout(PATIENCE, self.stdout.wait_for(contain))
            .await
            .map(|logged| logged.is_ok());
        self.after(words, logged).await
    }

    async fn after(self, words: &str, heard: Result<bool, Elapsed>) -> Result<Self, Ended> {
        match heard {
            Ok(true) => Ok(self),
            Ok(false) => Err(self.ended().await),
            Err(_late) => panic!(
                "{words:?} was never said:\n{}\n{}",
                self.stderr(),
                self.stdout.borrow().as_str()
            ),
        }
    }

    /// Kills it, as a power cut would, and waits until it is gone.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to stop.
    pub async fn terminate(&self) {
        let script = "kill -s TERM \"$0\"";
        let sent = Command::new("sh")
            .args(["-c", script, &self.id.to_string()])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> Ended {
        let end = async {
            let status = self.child.wait().await.unwrap();
            while self.listening.join_next().await.is_some() {}
            status
        };
        let ended = timeout(PATIENCE, end).await;
        let (stdout, stderr) = (self.stdout.borrow().clone(), self.stderr.borrow().clone());
        let Ok(status) = ended else {
            panic!("it never ends:\n{stderr}\n{stdout}")
        };
        Ended {
            code: status.code(),
            stdout,
            stderr,
        }
    }
}

impl Ended {
    /// What it complained of, of a program that refused: it exits with 1, and never with a panic.
    #[must_use]
    #[track_caller]
    pub fn refusal(self) -> String {
        assert_eq!(self.code, Some(1), "{}\n{}", self.stderr, self.stdout);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self.stderr
    }

    /// What it wrote, of a program that succeeded.
    #[track_caller]
    pub fn success(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}", self.stderr, self.stdout);
        self.stdout
    }
}

/// Collects the lines of a stream as they come.
fn listen(
    listening: &mut JoinSet<()>,
    stream: impl AsyncRead + Unpin + Send + 'static,
) -> watch::Receiver<String> {
    let (said, heard) = watch::channel(String::new());
    listening.spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            said.send_modify(|text| {
                text.push_str(&line);
                text.push('\n');
            });
        }
    });
    heard
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    // Whoever looks at its own entry there owns it.
    std::fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Program {
        Program::new("/bin/sh", Path::new("/"))
            .argument("-c")
            .argument(script)
    }

    #[tokio::test]
    async fn a_program_sees_only_what_is_set() {
        let ended = shell("echo \"$HOME|$WORD\"; pwd; echo no >&2; exit 3")
            .set("WORD", "yes")
            .run()
            .await;
        let (stdout, stderr) = ("|yes\n/\n".to_owned(), "no\n".to_owned());
        assert_eq!(
            ended,
            Ended {
                code: Some(3),
                stdout,
                stderr
            }
        );
    }

    #[tokio::test]
    async fn what_is_said_before_the_end_is_heard() {
        let running = shell("echo ready >&2; exec sleep 60")
            .start()
            .until_said("ready")
            .await
            .unwrap();
        running.terminate().await;
        assert_eq!(running.ended().await.code, None);
        let gone = shell("echo sorry >&2; exit 1")
            .start()
            .until_said("ready")
            .await
            .unwrap_err();
        assert_eq!(gone.refusal(), "sorry\n");
    }

    #[tokio::test]
    async fn rights_of_files_bind_whoever_runs_the_tests() {
        let folder = tempfile::tempdir().unwrap();
        let closed = folder.path().join("closed");
        let script = format!("mkdir {0} && chmod 555 {0} && ! touch {0}/file", closed.display());
        assert_eq!(shell(&script).without_privileges().run().await.code, Some(0));
    }

    #[tokio::test]
    async fn a_small_disk_is_soon_full() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("head -c 100000 /dev/zero >{}/file", folder.path().display());
        let (small, large) = (
            shell(&script).on_disk_of(65_536, folder.path()),
            shell(&script).on_disk_of(262_144, folder.path()),
        );
        assert_ne!(small.run().await.code, Some(0));
        assert_eq!(large.run().await.code, Some(0));
        assert!(
            !folder.path().join("file").exists(),
            "the disk is the program's own"
        );
    }
}
