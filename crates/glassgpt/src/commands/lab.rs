//! `glassgpt lab`: the page in the browser, served from this machine.

mod keeping;
mod logging;

use std::io::{ErrorKind, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use glassgpt_lab::Library;
use glassgpt_server::{INSTANCE_RULE, ORIGIN_RULE, ServerOptions, TOKEN_RULE, is_instance, is_origin, is_token, serve};

use self::keeping::Keeping;
use self::logging::Logging;
use crate::args::ExperimentArgs;
use crate::corpora::{KARPATHY, NamedCorpus};
use crate::exit_codes::Exit;
use crate::interrupt;
use crate::output::{stdout, talk};

/// Open the lab in the browser.
///
/// Serves the page and its sessions from this machine until Ctrl-C. The address is printed on standard output.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address to listen on; 0.0.0.0 lets other machines in.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Port to listen on; 0 takes any that is free.
    #[arg(long, default_value_t = 7878)]
    port: u16,
    /// One more name by which browsers may call the server, without port. Can be repeated.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Also serve the HTTP interfaces of microGPT Cerebral Lab and microGPT Visualizer, for their clients.
    #[arg(long)]
    compat: bool,
    /// One more site whose pages may call the server, such as `https://lab.example`. Can be repeated.
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    allow_origin: Vec<String>,
    /// What every request must show: 16 to 128 letters, digits, - or _. Better in the environment, as GLASSGPT_TOKEN,
    /// where other users of this machine cannot see it. Made up and printed if other machines can reach the lab.
    #[arg(long)]
    token: Option<String>,
    /// What the names of all sessions begin with, for a balancer before several labs: letters and digits.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true, value_parser = instance)]
    instance: String,
    #[command(flatten)]
    keeping: Keeping,
    #[command(flatten)]
    logging: Logging,
    #[command(flatten)]
    experiment: ExperimentArgs,
    /// Seed of the shuffle, the initial weights and the samples, a whole number from -9007199254740991 to
    /// 9007199254740991 [default: the preset's].
    #[arg(long, value_name = "N", value_parser = crate::args::session_seed, allow_negative_numbers = true, help_heading = "Experiment")]
    seed: Option<i64>,
    /// Do not open the browser.
    #[arg(long)]
    no_open: bool,
}

/// How long the server may take to end its sessions after Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(950);

/// Listens, tells where, and serves until Ctrl-C.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    interrupt::be_patient(PATIENCE);
    let listener = TcpListener::bind((args.host.as_str(), args.port)).map_err(|error| {
        let problem = cannot_listen(args, error.kind());
        anyhow::Error::new(error).context(problem)
    })?;
    listener.set_nonblocking(true).context("cannot listen without waiting")?;
    let address = listener.local_addr().context("cannot tell the address listened on")?;
    args.logging.start();
    let token = token(args, address.ip())?;
    let address_for_others = reachable(address);
    let options = ServerOptions {
        library: beginning(args, library())?,
        allowed_hosts: allowed_hosts(args, address_for_others.ip()),
        allowed_origins: args.allow_origin.clone(),
        token: token.clone(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        instance: args.instance.clone(),
        store: args.keeping.store()?,
        limits: args.keeping.limits(),
        compat: args.compat,
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the server")?;
    let key = token.map(|token| format!("?token={token}")).unwrap_or_default();
    let url = format!("{}{key}", url(address_for_others));
    writeln!(stdout(), "glassgpt lab: {url}")?;
    if !address.ip().is_loopback() {
        talk("Other machines on the network can reach this lab with that address. Names they use go to --allow-host.");
    }
    talk("Ctrl-C stops it.");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        if !args.no_open && has_display() {
            open_browser(&url);
        }
        serve(listener, options, interrupted()).await
    })?;
    runtime.shutdown_background(); // whatever has not ended by now is not waited for
    Ok(Exit::Interrupted)
}

fn instance(text: &str) -> Result<String, String> {
    if is_instance(text) { Ok(text.to_string()) } else { Err(INSTANCE_RULE.to_string()) }
}

fn origin(text: &str) -> Result<String, String> {
    if is_origin(text) { Ok(text.to_string()) } else { Err(ORIGIN_RULE.to_string()) }
}

/// Resolves after Ctrl-C.
async fn interrupted() {
    while !interrupt::requested() {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// What every request must show. On loopback nothing, unless the user asks for it.
fn token(args: &Args, ip: IpAddr) -> anyhow::Result<Option<String>> {
    let given = args.token.clone().or_else(|| std::env::var("GLASSGPT_TOKEN").ok().filter(|token| !token.is_empty()));
    match given {
        Some(token) if is_token(&token) => Ok(Some(token)),
        Some(token) => {
            bail!("the token given has {} characters or others than allowed; {TOKEN_RULE}", token.chars().count())
        }
        None if ip.is_loopback() => Ok(None),
        None => {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes)
                .map_err(|error| anyhow!("there is no random number to be had for a token: {error}"))?;
            Ok(Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
        }
    }
}

/// The corpora built in, and the original names if they have been fetched.
fn library() -> Library {
    let library = Library::embedded();
    match KARPATHY.load() {
        Ok(Some(corpus)) => library.with(KARPATHY.name, KARPATHY.about, corpus.corpus),
        Ok(None) => library,
        Err(error) => {
            talk(&format!("the lab goes without the corpus karpathy: {error:#}"));
            library
        }
    }
}

/// Pages begin with the experiment that the command line asks for.
fn beginning(args: &Args, library: Library) -> anyhow::Result<Library> {
    let (NamedCorpus { name, corpus, .. }, config) = args.experiment.checked(args.seed)?;
    // A file may be called as a corpus that everyone knows.
    let is_another = library.get(&name).is_some_and(|known| *known != corpus);
    let name = if is_another { format!("{name} (file)") } else { name };
    let library = if library.get(&name).is_some() { library } else { library.with(&name, FROM_USER, corpus) };
    library.beginning_with(&name, config).map_err(|refusal| match refusal.field {
        Some(field) => anyhow!("{} (--{})", refusal.message, field.replace('_', "-")),
        None => anyhow!(refusal.message),
    })
}

/// What is said of a corpus that the user brought.
const FROM_USER: &str = "given on the command line";

/// What the user allows, and the address given, if it is a particular one, and that at which others reach the lab.
fn allowed_hosts(args: &Args, ip: IpAddr) -> Vec<String> {
    let is_particular = !args.host.parse().is_ok_and(|ip: IpAddr| ip.is_unspecified());
    let given = is_particular.then(|| args.host.clone());
    args.allow_host.iter().cloned().chain(given).chain([ip.to_string()]).collect()
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/")
}

/// Where the lab is reached: who listens everywhere is reached at this machine's address in its network, if it has one.
fn reachable(address: SocketAddr) -> SocketAddr {
    let loopback: IpAddr = if address.is_ipv4() { [127, 0, 0, 1].into() } else { [0, 0, 0, 0, 0, 0, 0, 1].into() };
    match address.ip() {
        ip if ip.is_unspecified() => SocketAddr::new(own_address().unwrap_or(loopback), address.port()),
        _ => address,
    }
}

/// The address from which this machine would speak to another. Nothing is sent to find out.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

fn cannot_listen(args: &Args, kind: ErrorKind) -> String {
    let Args { host, port, .. } = args;
    let way_out = match kind {
        ErrorKind::AddrInUse => "another program has the port (perhaps another lab); --port 0 takes one that is free",
        ErrorKind::PermissionDenied => "ports below 1024 are reserved; take a higher --port",
        _ => "--host must be an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for the network",
    };
    format!("cannot listen on --host {host} --port {port}: {way_out}")
}

/// Whether there is a screen to open a browser on.
fn has_display() -> bool {
    let unix_desktop = cfg!(all(unix, not(target_os = "macos")));
    !unix_desktop
        || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].iter().any(|name| std::env::var_os(name).is_some())
}

fn open_browser(url: &str) {
    if let Err(error) = open::that_detached(url) {
        talk(&format!("cannot open a browser ({error}); open the address above yourself"));
    }
}
