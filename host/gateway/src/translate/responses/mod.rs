//! Between OpenAI's responses and the chat form: requests, replies and streams, both ways.

mod content;
mod edited;
mod item;
mod items;
mod read;
mod reply;
mod request;
mod source;
mod stream;
mod tools;

pub(crate) use edited::edited;
pub(crate) use reply::{Echo, to_chat as reply_to_chat, to_responses as reply_to_responses};
pub(crate) use request::to_chat;
pub(crate) use source::{Said, Source};
pub(crate) use stream::ToResponses;
