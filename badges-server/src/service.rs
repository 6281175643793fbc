//! The service: all tables of routes behind one guard, started and stopped.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::{Server, ServerHandle},
    middleware::{DefaultHeaders, from_fn},
    web::{self, Data, ServiceConfig},
};
use tokio::sync::watch;

use crate::{
    api,
    auth::{self, Uses, Visitors},
    awards::due::Due,
    batches::runner::Runner,
    cleaning::Cleaner,
    clock::Clock,
    config::Config,
    installation::{Installation, InstallationError},
    issuers::status::StatusLists,
    limits::Limits,
    log,
    oidc::Providers,
    ops::{self, Gate, Reported, requests},
    outbox::{
        courier::{Courier, Receivers},
        mailer::Mailer,
    },
    problem::Problem,
    traces::{Sender, Traces},
    verifier::{self, Fetcher, Fetches, Outside, Owners, routes::Counter},
    web::errors,
};

/// How long requests that are under way may take once the service is told to stop.
const DRAIN: u64 = 20;

/// A service that runs.
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it tells the operator how it does.
    pub administration: Option<SocketAddr>,
    handle: ServerHandle,
    running: Server,
    administering: Option<Server>,
    courier: Courier,
    due: Due,
    cleaner: Cleaner,
    runner: Runner,
    /// What sends spans, where a collector is named.
    sender: Option<Sender>,
    gate: Data<Gate>,
    drain: Duration,
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct StartError(String);

impl Service {
    /// Opens the installation and listens.
    ///
    /// # Errors
    ///
    /// With what is wrong and what to do, in words: settings, the database, the sealing key, the address.
    pub fn start(config: Config, clock: Clock) -> Result<Self, StartError> {
        log::start(&config.log);
        let listen = config.listen;
        let installation = Installation::open(config, clock)?;
        Self::run(&installation, listen)
    }

    /// Opens the installation, and says what would keep it from being served.
    pub(crate) fn check(config: Config, clock: Clock) -> Result<(), StartError> {
        providers(&Installation::open(config, clock)?).map(drop)
    }

    pub(crate) fn run(installation: &Installation, listen: SocketAddr) -> Result<Self, StartError> {
        let (traces, sender) = traces(&installation.config)?.unzip();
        let (shared, fetches) = Shared::of(installation, traces)?;
        let (config, gate) = (&installation.config, shared.gate.clone());
        let (administration, administering) = administer(&shared, fetches)?.unzip();
        let (workers, patience) = (config.workers.max(1), Duration::from_secs(config.patience));
        let drain = Duration::from_secs(config.drain);
        let server = HttpServer::new(move || {
            App::new()
                .configure(|app| shared.mount(app))
                .wrap(from_fn(requests::admitted))
                .wrap(from_fn(errors::for_people))
                .wrap(headers())
                .wrap(from_fn(requests::watched))
                .configure(|app| auth::mount(app, api::TABLES))
                .default_service(web::to(async |request| Err::<&str, _>(auth::nowhere(request).await)))
        });
        let server = server
            .workers(workers)
            .shutdown_timeout(DRAIN)
            .client_request_timeout(patience)
            .keep_alive(Duration::from_secs(75))
            .disable_signals();
        let bound = server.bind(listen).map_err(|error| refused("listen", listen, &error))?;
        let address = bound.addrs().first().copied().unwrap_or(listen);
        let (running, courier) = (bound.run(), courier(installation)?);
        let handle = running.handle();
        let (due, cleaner, runner) = behind(installation)?;
        Ok(Self {
            address,
            administration,
            handle,
            running,
            administering,
            courier,
            due,
            cleaner,
            runner,
            sender,
            gate,
            drain,
        })
    }

    /// Starts and serves on this thread until it is stopped; `ready` is called once it listens.
    ///
    /// # Errors
    ///
    /// As [`Self::start`], and if the system takes the listening address away.
    pub fn block(config: Config, clock: Clock, ready: impl FnOnce(&Self)) -> Result<(), StartError> {
        actix_web::rt::System::new().block_on(async {
            let service = Self::start(config, clock)?;
            ready(&service);
            service.serve().await.map_err(|error| StartError(error.to_string()))
        })
    }

    /// Serves until [`Self::handle`] stops it.
    ///
    /// # Errors
    ///
    /// If the system takes the listening address away.
    pub async fn serve(self) -> io::Result<()> {
        let (stop, stopped) = watch::channel(false);
        let courier = actix_web::rt::spawn(Arc::new(self.courier).run(stopped.clone()));
        let due = actix_web::rt::spawn(Arc::new(self.due).run(stopped.clone()));
        let cleaner = actix_web::rt::spawn(self.cleaner.run(stopped.clone()));
        let runner = actix_web::rt::spawn(Arc::new(self.runner).run(stopped.clone()));
        let sender = self.sender.map(|sender| actix_web::rt::spawn(sender.run(stopped)));
        let administering = self.administering.map(|server| (server.handle(), actix_web::rt::spawn(server)));
        let served = self.running.await;
        // What is on its way arrives; if that takes too long, the lease runs out and another server tries.
        stop.send_replace(true);
        let behind = async {
            drop((courier.await, due.await, cleaner.await, runner.await));
            if let Some(sender) = sender {
                drop(sender.await);
            }
        };
        drop(tokio::time::timeout(Duration::from_secs(DRAIN), behind).await);
        if let Some((handle, server)) = administering {
            handle.stop(false).await;
            drop(server.await);
        }
        served
    }

    /// What drains it: the load balancer is told first, then requests under way are answered, then it ends.
    pub fn drainer(&self) -> impl Future<Output = ()> + 'static {
        let (gate, handle, drain) = (self.gate.clone(), self.handle.clone(), self.drain);
        async move {
            gate.drain();
            tokio::time::sleep(drain).await;
            handle.stop(true).await;
        }
    }

    /// What stops it: gracefully, requests under way are answered.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }
}

/// What all handlers work with.
#[derive(Clone)]
struct Shared {
    installation: Installation,
    lists: Data<StatusLists>,
    limits: Data<Limits>,
    uses: Data<Uses>,
    visitors: Data<Visitors>,
    providers: Data<Providers>,
    counter: Data<Counter>,
    gate: Data<Gate>,
    traces: Option<Data<Traces>>,
}

impl Shared {
    fn of(installation: &Installation, traces: Option<Traces>) -> Result<(Self, Arc<Fetches>), StartError> {
        let lists = Data::new(StatusLists::default());
        let (counter, fetches) = counter(installation, &lists)?;
        let shared = Self {
            installation: installation.clone(),
            lists,
            limits: Data::new(Limits::new(&installation.clock, installation.config.quotas.sign_in_links)),
            uses: Data::new(Uses::default()),
            visitors: Data::new(auth::visitors(&installation.db, installation.clock.clone())),
            providers: Data::new(providers(installation)?),
            counter,
            gate: Data::new(Gate::new(installation.config.requests)),
            traces: traces.map(Data::new),
        };
        Ok((shared, fetches))
    }

    fn mount(&self, app: &mut ServiceConfig) {
        let Installation { config, clock, db, signers, desk } = self.installation.clone();
        let limit = config.body_limit;
        app.app_data(Data::new(db))
            .app_data(Data::new(clock))
            .app_data(Data::from(config))
            .app_data(Data::from(desk))
            .app_data(Data::from(signers))
            .app_data(self.lists.clone())
            .app_data(self.limits.clone())
            .app_data(self.uses.clone())
            .app_data(self.visitors.clone())
            .app_data(self.providers.clone())
            .app_data(self.counter.clone())
            .app_data(self.gate.clone())
            .app_data(web::PayloadConfig::new(limit))
            .app_data(web::PathConfig::default().error_handler(|_, _| Problem::not_found().into()));
        if let Some(traces) = &self.traces {
            app.app_data(traces.clone());
        }
    }
}

/// The issuers whom the verifier knows as ours.
fn owners(installation: &Installation) -> Owners {
    let Installation { db, config, signers, .. } = installation.clone();
    Owners::new(db, config, signers)
}

/// Where spans are handed over, and what sends them.
fn traces(config: &Config) -> Result<Option<(Traces, Sender)>, StartError> {
    let fault = |error: &dyn std::error::Error| StartError(error.to_string());
    let Some(collector) = config.collector().map_err(|error| fault(&error))? else { return Ok(None) };
    Traces::new(config, collector).map(Some).map_err(|error| fault(&error))
}

/// The services that people may sign in with.
fn providers(installation: &Installation) -> Result<Providers, StartError> {
    let providers = Providers::new(&installation.config).map_err(|error| StartError(error.to_string()))?;
    installation.check_providers(&providers)?;
    Ok(providers)
}

/// What works without being asked.
fn behind(installation: &Installation) -> Result<(Due, Cleaner, Runner), StartError> {
    let Installation { config, clock, db, desk, .. } = installation;
    let due = Due::new(Arc::clone(desk), clock.clone()).map_err(|error| StartError(error.to_string()))?;
    let runner = Runner::new(Arc::clone(desk), clock.clone(), config.awards_batches);
    let runner = runner.map_err(|error| StartError(error.to_string()))?;
    Ok((due, Cleaner::new(db.clone(), clock.clone(), Arc::clone(config)), runner))
}

fn courier(installation: &Installation) -> Result<Courier, StartError> {
    let (config, db, clock) = (&installation.config, installation.db.clone(), installation.clock.clone());
    let mail = Mailer::new(&config.smtp, config.base()).map_err(|error| StartError(error.to_string()))?;
    let quotas = config.quotas.clone();
    Courier::new(db, clock, config.base(), Receivers { mail }, quotas)
        .map_err(|error| StartError(error.to_string()))
}

/// What verifies badges of anybody, and how often it goes out for that.
fn counter(
    installation: &Installation,
    lists: &Data<StatusLists>,
) -> Result<(Data<Counter>, Arc<Fetches>), StartError> {
    let fetcher = Fetcher::new(Outside::public()).map_err(|error| StartError(error.to_string()))?;
    let fetches = fetcher.fetches();
    let verifier = verifier::verifier(
        fetcher,
        installation.db.clone(),
        Arc::clone(&installation.config),
        installation.clock.clone(),
        Arc::clone(&installation.signers),
        lists.clone(),
    );
    Ok((Data::new(Counter::new(verifier, owners(installation))), fetches))
}

/// What every answer carries.
fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Referrer-Policy", "strict-origin-when-cross-origin"))
}

/// The second listener, for the operator alone.
fn administer(shared: &Shared, fetches: Arc<Fetches>) -> Result<Option<(SocketAddr, Server)>, StartError> {
    let Some(listen) = shared.installation.config.administration else { return Ok(None) };
    let Installation { db, clock, .. } = shared.installation.clone();
    let spans = shared.traces.as_ref().map(|traces| traces.sent());
    let reported = Reported { db, clock, gate: shared.gate.clone(), fetches, spans };
    let server = HttpServer::new(move || App::new().configure(|app| ops::mount(app, &reported)));
    let server = server.workers(1).shutdown_timeout(1).disable_signals();
    let bound = server.bind(listen).map_err(|error| refused("administration", listen, &error))?;
    let address = bound.addrs().first().copied().unwrap_or(listen);
    Ok(Some((address, bound.run())))
}

fn refused(setting: &str, listen: SocketAddr, error: &io::Error) -> StartError {
    StartError(format!(
        "{setting}: {listen} cannot be used ({error}): stop what listens there, or name another"
    ))
}

impl From<InstallationError> for StartError {
    fn from(error: InstallationError) -> Self {
        Self(error.to_string())
    }
}
