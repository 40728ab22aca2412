//! The sites of Alibaba Cloud.

use crate::text::{CountryCode, Scalar};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The two sites of Alibaba Cloud; an account belongs to one. Source: docs/evidence/account.md 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Site {
    /// aliyun.com.
    #[serde(rename = "cn")]
    China,
    /// alibabacloud.com.
    #[serde(rename = "intl")]
    International,
}

impl Site {
    /// The China site: where an account is registered when nobody says.
    pub(crate) fn china() -> Self {
        Self::China
    }

    /// Default country of a new account.
    pub fn usual_country(self) -> CountryCode {
        let code = match self {
            Self::China => "CN",
            Self::International => "SG",
        };
        CountryCode::parse(code).expect("both are codes")
    }

    /// Required recipient of a SAML assertion. Source: docs/evidence/sts.md section 4.
    pub fn saml_recipient(self) -> &'static str {
        match self {
            Self::China => "https://signin.aliyun.com/saml-role/sso",
            Self::International => "https://signin.alibabacloud.com/saml-role/sso",
        }
    }

    /// For whom a SAML assertion must be. Source: docs/evidence/sts.md section 4.
    pub fn saml_audience(self) -> &'static str {
        match self {
            Self::China => "urn:alibaba:cloudcomputing",
            Self::International => "urn:alibaba:cloudcomputing:international",
        }
    }
}
