//! Attributes that many structs share: `#[apply(reply)]` stands for those in the macro `reply`.
//! None of them writes a field that is `None`, and input has no list or map that is empty either.

pub(crate) use macro_rules_attribute::apply;

/// A response of an official API, or a part of one.
macro_rules! reply {
    ($($item:tt)*) => {
        #[serde_with::skip_serializing_none]
        #[derive(Debug, ::serde::Serialize)]
        #[serde(rename_all = "PascalCase")]
        $($item)*
    };
}

/// A response of the control API, or a part of one.
macro_rules! view {
    ($($item:tt)*) => {
        #[serde_with::skip_serializing_none]
        #[derive(::serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        $($item)*
    };
}

/// Input of a person, in a scenario file, in a command or to the control API. An unknown field is an error.
macro_rules! input {
    ($($item:tt)*) => {
        #[serde_with::skip_serializing_none]
        #[serde_with::apply(
            Vec => #[serde(default, skip_serializing_if = "Vec::is_empty")],
            BTreeMap => #[serde(default, skip_serializing_if = "::std::collections::BTreeMap::is_empty")],
        )]
        #[derive(Debug, Clone, PartialEq, ::serde::Serialize, ::serde::Deserialize, ::schemars::JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        $($item)*
    };
}

/// Input that a person may leave out as a whole: every field has a default.
macro_rules! optional_input {
    ($($item:tt)*) => {
        #[$crate::attributes::apply($crate::attributes::input!)]
        #[derive(Default)]
        #[serde(default)]
        $($item)*
    };
}

pub(crate) use {input, optional_input, reply, view};

/// Default of a setting that is on unless somebody turns it off.
pub(crate) fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
pub(crate) fn is_yes(setting: &bool) -> bool {
    *setting
}
