//! JSON Schemas that cannot be derived: of types whose form in JSON is not that of their fields.
//!
//! Why by hand: both write and read themselves, so only they know what they look like on the wire.

use std::borrow::Cow;

use utoipa::openapi::schema::{Schema, SchemaFormat};
use utoipa::openapi::{KnownFormat, ObjectBuilder, OneOfBuilder, RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::address::{Address, MAX_LEN};
use crate::wire_number::WireNumber;

impl PartialSchema for Address {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("address".to_string())))
            .min_length(Some(1))
            .max_length(Some(MAX_LEN))
            .description(Some("Where a number is, or a row, or a whole tensor of them: see docs/addresses.md."))
            .examples([serde_json::json!("step:100/layer0.attn_wq[3][2]")])
            .into()
    }
}

impl ToSchema for Address {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Address")
    }
}

impl PartialSchema for WireNumber {
    fn schema() -> RefOr<Schema> {
        let number =
            ObjectBuilder::new().schema_type(Type::Number).format(Some(SchemaFormat::KnownFormat(KnownFormat::Double)));
        let words = WireNumber::WORDS.map(|(word, _)| word);
        let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
        OneOfBuilder::new()
            .description(Some("A double: a number, or a word where JSON has none."))
            .item(number)
            .item(word)
            .into()
    }
}

impl ToSchema for WireNumber {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("WireNumber")
    }
}
