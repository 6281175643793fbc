//! The service: all tables of routes behind one guard, started and stopped.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::{DefaultHeaders, from_fn},
    web::{self, Data},
};
use tokio::sync::watch;

use crate::{
    api,
    auth::{self, Uses},
    clock::Clock,
    config::Config,
    installation::{Installation, InstallationError},
    issuers::status::StatusLists,
    limits::Limits,
    log,
    outbox::{
        courier::{Courier, Receivers},
        mailer::Mailer,
    },
    problem::Problem,
    verifier::{self, Fetcher, Outside, routes::Counter},
    web::errors,
};

/// How long requests that are under way may take once the service is told to stop.
const DRAIN: u64 = 20;

/// A service that runs.
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    running: actix_web::dev::Server,
    courier: Courier,
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

    pub(crate) fn run(installation: &Installation, listen: SocketAddr) -> Result<Self, StartError> {
        let state = installation.clone();
        let lists = Data::new(StatusLists::default());
        let limits = Data::new(Limits::new(&installation.clock));
        let uses = Data::new(Uses::default());
        let fetcher = Fetcher::new(Outside::public()).map_err(|error| StartError(error.to_string()))?;
        let verifier = verifier::verifier(
            fetcher,
            installation.db.clone(),
            Arc::clone(&installation.config),
            installation.clock.clone(),
            Arc::clone(&installation.signers),
            lists.clone(),
        );
        let counter = Data::new(Counter::new(verifier));
        let workers = installation.config.workers.max(1);
        let server = HttpServer::new(move || {
            let limit = state.config.body_limit;
            App::new()
                .app_data(Data::new(state.db.clone()))
                .app_data(Data::new(state.clock.clone()))
                .app_data(Data::from(state.config.clone()))
                .app_data(Data::from(state.desk.clone()))
                .app_data(Data::from(state.signers.clone()))
                .app_data(lists.clone())
                .app_data(limits.clone())
                .app_data(uses.clone())
                .app_data(counter.clone())
                .app_data(web::PayloadConfig::new(limit))
                .app_data(web::QueryConfig::default().error_handler(|error, _| {
                    Problem::bad_request("query", format!("the query cannot be read: {error}")).into()
                }))
                .app_data(web::PathConfig::default().error_handler(|_, _| Problem::not_found().into()))
                .wrap(from_fn(errors::for_people))
                .wrap(
                    DefaultHeaders::new()
                        .add(("X-Content-Type-Options", "nosniff"))
                        .add(("Referrer-Policy", "strict-origin-when-cross-origin")),
                )
                .configure(|app| auth::mount(app, api::TABLES))
                .default_service(web::to(|| async { Err::<&str, _>(Problem::not_found()) }))
        });
        let server = server
            .workers(workers)
            .shutdown_timeout(DRAIN)
            .client_request_timeout(Duration::from_secs(10))
            .keep_alive(Duration::from_secs(75))
            .disable_signals();
        let bound = server.bind(listen).map_err(|error| refused(listen, &error))?;
        let address = bound.addrs().first().copied().unwrap_or(listen);
        let running = bound.run();
        Ok(Self { address, handle: running.handle(), running, courier: courier(installation)? })
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
        let courier = actix_web::rt::spawn(Arc::new(self.courier).run(stopped));
        let served = self.running.await;
        // What is on its way arrives; if that takes too long, the lease runs out and another server tries.
        stop.send_replace(true);
        drop(tokio::time::timeout(Duration::from_secs(DRAIN), courier).await);
        served
    }

    /// What stops it: gracefully, requests under way are answered.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }
}

fn courier(installation: &Installation) -> Result<Courier, StartError> {
    let (config, db, clock) = (&installation.config, installation.db.clone(), installation.clock.clone());
    let mail = Mailer::new(&config.smtp, config.base()).map_err(|error| StartError(error.to_string()))?;
    Courier::new(db, clock, config.base(), Receivers { mail }).map_err(|error| StartError(error.to_string()))
}

fn refused(listen: SocketAddr, error: &io::Error) -> StartError {
    StartError(format!("listen: {listen} cannot be used ({error}): stop what listens there, or name another"))
}

impl From<InstallationError> for StartError {
    fn from(error: InstallationError) -> Self {
        Self(error.to_string())
    }
}
