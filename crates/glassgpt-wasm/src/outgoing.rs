//! Messages as JavaScript takes them: JSON, and beside it the numbers that were read, as arrays.
//!
//! Why arrays: a reading may have millions of numbers. As doubles they change hands without being written out and read
//! again, and what is not finite stays what it is.

use glassgpt_lab::protocol::{Event, NumberedEvent, ServerMessage};
use glassgpt_lab::{Answer, Reading};
use js_sys::{Array, Float64Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::Messages;

/// All messages, as a list of objects.
pub(crate) fn messages(messages: Vec<ServerMessage>) -> Messages {
    let list: Array = messages.into_iter().map(outgoing).collect();
    list.unchecked_into()
}

fn outgoing(mut message: ServerMessage) -> JsValue {
    let arrays: Array = numbers(&mut message).iter().map(|values| Float64Array::from(&values[..])).collect();
    let json = serde_json::to_string(&message).expect("plain data always has a JSON form");
    let outgoing = Object::new();
    set(&outgoing, "json", &json.into());
    set(&outgoing, "arrays", &arrays);
    outgoing.into()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("an object of our own takes any value");
}

/// Takes the numbers out of a message's readings.
pub(crate) fn numbers(message: &mut ServerMessage) -> Vec<Vec<f64>> {
    readings(message).iter_mut().map(|reading| std::mem::take(&mut reading.values)).collect()
}

fn readings(message: &mut ServerMessage) -> &mut [Reading] {
    match message {
        ServerMessage::Snapshot { snapshot, .. } => &mut snapshot.readings,
        ServerMessage::Event(event) => match &mut **event {
            NumberedEvent { event: Event::Observed { readings }, .. } => readings,
            _ => &mut [],
        },
        ServerMessage::Answered { answer, .. } => match &mut **answer {
            Answer::Readings(readings) => readings,
            _ => &mut [],
        },
        // A worker tells one thing at a time, and has nobody to greet.
        ServerMessage::Events { .. } | ServerMessage::Hello { .. } => &mut [],
        ServerMessage::Done { .. } | ServerMessage::Refused { .. } => &mut [],
    }
}
