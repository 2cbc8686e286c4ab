//! Between the two message forms. What one of them has no word for is named, never lost in silence.

pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod stream;

/// Why a reply ended, from the chat form's word to the messages form's.
fn stop_reason(finish: &str) -> &'static str {
    match finish {
        "length" => "max_tokens",
        "tool_calls" | "function_call" => "tool_use",
        "content_filter" => "refusal",
        _ => "end_turn",
    }
}

/// The other way round.
fn finish_reason(stop: &str) -> &'static str {
    match stop {
        "max_tokens" | "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    }
}
