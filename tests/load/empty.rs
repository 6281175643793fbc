//! A server that answers every request with the same few bytes: the floor of what HTTP costs. `tests/load/run` starts it.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for one measurement")]

use actix_web::{App, HttpResponse, HttpServer, web};

fn main() {
    // `cargo bench` of everything runs this too, and would wait for ever.
    if std::env::var_os("BADGES_LOAD").is_none() {
        return;
    }
    let size = std::env::var("SIZE").ok().and_then(|size| size.parse().ok()).unwrap_or(2);
    let body = web::Bytes::from(vec![b'x'; size]);
    actix_web::rt::System::new()
        .block_on(async {
            let server = HttpServer::new(move || {
                let body = body.clone();
                App::new().default_service(web::to(move || {
                    let body = body.clone();
                    async { HttpResponse::Ok().body(body) }
                }))
            });
            let server = server.workers(2).bind("127.0.0.1:0").unwrap();
            println!("{}", server.addrs()[0]);
            server.run().await
        })
        .unwrap();
}
