//! Long answers, which lie in memory until the client has read them.
//!
//! Why they take their bytes from the budget for what is on its way: a hundred clients that ask for a trace and do not read it would
//! hold a gigabyte. Why in pieces: what is sent is given back when the last piece goes, not when the first one does. Files of the
//! page lie in memory once for all, so they take nothing; by their tag one knows them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

use crate::api::in_words;
use crate::error::ApiError;
use crate::in_flight::{Meter, OWN_BYTES};
use crate::limits::{ANSWER_PATIENCE, SLOWEST_READER};

/// Bytes that are handed on at once.
const PIECE: usize = 16 << 10;

/// Sends long answers while there is memory for them. Who serves the router without a meter is not bounded.
pub(crate) async fn within_budget(request: Request, next: Next) -> Response {
    let Some(meter) = request.extensions().get::<Arc<Meter>>().cloned() else { return next.run(request).await };
    let path = request.uri().path().to_string();
    let response = next.run(request).await;
    let Some(bytes) = length_of_long(&response) else { return response };
    match meter.budget().try_take(bytes) {
        Some(held) => sending(response, held).await,
        None => in_words(ApiError::AnswersFull.into_response(), &path),
    }
}

/// Streams have no known length: they are made piece by piece.
fn length_of_long(response: &Response) -> Option<usize> {
    let bytes = response.body().size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok())?;
    (bytes > OWN_BYTES && !response.headers().contains_key(header::ETAG)).then_some(bytes)
}

async fn sending(response: Response, held: OwnedSemaphorePermit) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(left) = to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty()); // a body of known length lies in memory and cannot fail
    };
    let seconds = left.len() / SLOWEST_READER;
    let until = Instant::now() + ANSWER_PATIENCE + Duration::from_secs(seconds as u64);
    Response::from_parts(parts, Body::new(Sending { left, until, _held: held }))
}

/// An answer on its way.
struct Sending {
    left: Bytes,
    until: Instant,
    _held: OwnedSemaphorePermit,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        if Instant::now() > self.until {
            return Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())));
        }
        let piece = self.left.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;
    use crate::in_flight::Budget;

    fn answer(bytes: usize) -> Response {
        Body::from(vec![b'x'; bytes]).into_response()
    }

    #[tokio::test]
    async fn an_answer_is_whole_and_gives_back_what_it_took() {
        let budget = Budget::new(1 << 20);
        let bytes = length_of_long(&answer(200_001)).expect("it is long");
        let sent = sending(answer(bytes), budget.try_take(bytes).expect("there is enough")).await;
        assert_eq!(sent.body().size_hint().exact(), Some(200_001));
        assert!(budget.try_take((1 << 20) - 200_000).is_none(), "it is held while it is sent");
        let whole = sent.into_body().collect().await.expect("it does not fail").to_bytes();
        assert!(whole.len() == 200_001 && whole.iter().all(|&byte| byte == b'x'));
        assert!(budget.try_take(1 << 20).is_some());
    }

    #[tokio::test]
    async fn one_who_reads_too_slowly_is_not_waited_for() {
        let held = Budget::new(1 << 20).try_take(1000).expect("there is enough");
        let late =
            Sending { left: Bytes::from_static(b"late"), until: Instant::now() - Duration::from_secs(1), _held: held };
        assert!(Body::new(late).collect().await.is_err());
    }

    #[test]
    fn short_answers_and_files_of_the_page_take_nothing() {
        assert_eq!(length_of_long(&answer(OWN_BYTES)), None);
        let mut file = answer(1 << 20);
        file.headers_mut().insert(header::ETAG, header::HeaderValue::from_static("\"1\""));
        assert_eq!(length_of_long(&file), None);
    }
}
