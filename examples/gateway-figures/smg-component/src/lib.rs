//! The least component that SMG takes: it lets every request and every response pass.

wit_bindgen::generate!({ path: "wit", world: "smg" });

use exports::smg::gateway::{middleware_on_request, middleware_on_response};
use smg::gateway::middleware_types::{Action, Request, Response};

struct Pass;

impl middleware_on_request::Guest for Pass {
    fn on_request(_: Request) -> Action {
        Action::Continue
    }
}

impl middleware_on_response::Guest for Pass {
    fn on_response(_: Response) -> Action {
        Action::Continue
    }
}

export!(Pass);
