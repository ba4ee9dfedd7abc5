//! Understanding, on its own.

use acs_domain::access::Analyze as MayAnalyze;
use acs_engine::Engine;
use axum::Json;
use axum::extract::State;
use tokio::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::extract::caller::Allowed;
use crate::extract::json::Body;
use crate::problem::Problem;
use crate::state::Api;
use crate::view::analysis::{Analyze, TimedAnalysis};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(analyze))
}

/// Understand a text
#[utoipa::path(post, path = "/ai/analyze", tag = "Understanding", operation_id = "analyze_text", request_body = Analyze,
    responses((status = 200, description = "What is understood of it.", body = TimedAnalysis)))]
async fn analyze(
    State(engine): State<Engine>,
    Allowed(grant): Allowed<MayAnalyze>,
    Body(body): Body<Analyze>,
) -> Result<Json<TimedAnalysis>, Problem> {
    let began = Instant::now();
    let analysis = engine
        .analysis
        .analyze(&grant, &body.text, body.at, body.time_zone)
        .await?;
    let processing_time_ms = began.elapsed().as_secs_f64() * 1_000.0;
    Ok(Json(TimedAnalysis {
        analysis: analysis.into(),
        processing_time_ms,
    }))
}
