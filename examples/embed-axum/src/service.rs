//! The service: one route, with the policies in front of the model.

use axum::Router;
use axum::routing::post;
use pointsman::{Engine, EngineBuilder, Settings, SettingsError};

use crate::layer::Policies;
use crate::model;

/// Begins to build an engine with the standard policies, as `policies.toml` names them.
///
/// # Errors
/// What is wrong with the settings.
pub(crate) fn engine() -> Result<EngineBuilder, SettingsError> {
    let settings = Settings::from_toml(include_str!("../policies.toml"))?;
    let builder = Engine::builder(settings);
    Ok(pointsman_standard::ALL
        .iter()
        .fold(builder, |builder, policy| builder.policy(policy.name, policy.component)))
}

/// The routes.
pub(crate) fn routes(engine: Engine) -> Router {
    Router::new().route(
        "/v1/chat/completions",
        post(model::answer).route_layer(Policies(engine)),
    )
}
