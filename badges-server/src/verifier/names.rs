//! Names of hosts to addresses, inside the client: what is checked here is what is then connected to.

use std::{net::ToSocketAddrs as _, sync::Arc};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::address::Reserved;

/// How many names are looked up at a time. The system's resolver holds a thread for each, as long as it takes, and
/// whoever runs a slow name server could take all of them.
const LOOKUPS: usize = 32;

/// The system's own resolver.
#[derive(Debug)]
pub struct SystemNames {
    room: Arc<Semaphore>,
}

/// A resolver that gives no address out which is not public.
pub(super) struct PublicNames {
    pub(super) names: Arc<dyn Resolve>,
    pub(super) reserved: Reserved,
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum NameError {
    /// One of its addresses is not public.
    #[error("the name leads into a network that is not public")]
    NotPublic,
    /// It has no address.
    #[error("the name has no address")]
    Unknown,
}

impl Default for SystemNames {
    fn default() -> Self {
        Self { room: Arc::new(Semaphore::new(LOOKUPS)) }
    }
}

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        let room = Arc::clone(&self.room);
        Box::pin(async move {
            let turn = room.acquire_owned().await?;
            let looked_up = spawn_blocking(move || {
                let found = (name.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
                drop(turn);
                found
            });
            let found = looked_up.await?.map_err(|_| NameError::Unknown)?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolving, reserved) = (self.names.resolve(name), self.reserved);
        Box::pin(async move {
            let found: Vec<_> = resolving.await?.collect();
            // One that is not public is enough: nobody publishes such a name for strangers.
            if found.iter().any(|address| reserved(address.ip()).is_some()) {
                return Err(NameError::NotPublic.into());
            }
            if found.is_empty() {
                return Err(NameError::Unknown.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
