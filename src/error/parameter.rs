//! Parameter errors, with the codes of RAM, STS and older products.

use super::{ApiError, directory, ecs, gateway, oss, sts};
use crate::text::Flaw;

/// A parameter that is missing or has an invalid value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flawed {
    /// The wire name.
    pub name: &'static str,
    /// The flaw of the value; `None` if the parameter is missing.
    pub flaw: Option<Flaw>,
}

/// Error of an operation. The [`Dialect`] of the product gives the code of a flawed parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// A parameter that is missing or has an invalid value.
    Flawed(Flawed),
    /// An error from the catalogue.
    Refused(ApiError),
}

impl<T: Into<ApiError>> From<T> for Failure {
    fn from(error: T) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Flawed> for Failure {
    fn from(flawed: Flawed) -> Self {
        Self::Flawed(flawed)
    }
}

impl Failure {
    /// Returns the error for the client.
    pub fn worded(self, dialect: Dialect) -> ApiError {
        match self {
            Self::Flawed(flawed) => flawed.worded(dialect),
            Self::Refused(error) => error,
        }
    }
}

/// A family of products that use the same codes for flawed parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// RAM and IMS: `InvalidParameter.UserName.Length`. Source: docs/evidence/ram.md section 4.
    Ram,
    /// STS: `InvalidParameter.RoleArn` for every flaw. Source: docs/evidence/sts.md section 3.
    Sts,
    /// The older products: `MissingParameter`, `InvalidParameter`. Source: docs/evidence/gateway.md 6.1.
    Classic,
    /// ECS: as the older products, but the name of a missing parameter has no quotes. Source: docs/evidence/gateway.md 6.1.
    Ecs,
    /// Resource directory: `MissingParameter.AccountId`, `InvalidParameter.Folder.Name.Length`. Source:
    /// docs/evidence/resource-directory.md section 5.
    Directory,
    /// OSS: `InvalidArgument`. Source: package oss2 2.19.1, `exceptions.py`.
    Oss,
}

impl Flawed {
    /// Creates the error for an invalid value.
    pub fn new(name: &'static str, flaw: Flaw) -> Self {
        Self { name, flaw: Some(flaw) }
    }

    /// Creates the error for a missing required parameter.
    pub fn missing(name: &'static str) -> Self {
        Self { name, flaw: None }
    }

    /// Returns the error in a dialect.
    ///
    /// UNCERTAIN: RAM documents no code for a missing parameter; the gateway's own rule is `Missing<Name>`, also for
    /// STS. Source: docs/evidence/gateway.md 6.1, docs/evidence/ram.md section 4, docs/evidence/sts.md section 3.
    pub fn worded(self, dialect: Dialect) -> ApiError {
        let Self { name, flaw } = self;
        match (dialect, flaw) {
            (Dialect::Ram, _) | (Dialect::Sts, None) => self.in_words_of_ram(),
            (Dialect::Directory, _) => self.in_words_of_the_directory(),
            // The message still names 1hr although the role sets the limit: docs/evidence/sts.md section 3.
            (Dialect::Sts, _) if name == "DurationSeconds" => sts::DURATION.error(),
            (Dialect::Sts, _) => {
                let message = format!("The parameter {name} is wrongly formed.");
                ApiError::free(400, format!("InvalidParameter.{name}"), message)
            }
            (Dialect::Classic, None) => gateway::MISSING_PARAMETER.about(name),
            (Dialect::Ecs, None) => ecs::MISSING_PARAMETER.about(name),
            (Dialect::Classic | Dialect::Ecs, _) => gateway::INVALID_PARAMETER.about(name),
            (Dialect::Oss, _) => oss::INVALID_ARGUMENT.about(name).with_detail("ArgumentName", name),
        }
    }

    /// Returns the error as the resource directory reports it: its entry of the catalogue. UNCERTAIN: a parameter without an entry. Its
    /// absence is reported by the gateway, and its code has no name of an object. Source: docs/evidence/resource-directory.md section 5.
    fn in_words_of_the_directory(self) -> ApiError {
        let word = match self.name {
            "DisplayName" | "NewDisplayName" => "Account.DisplayName",
            "AccountNamePrefix" => "Account.AccountNamePrefix",
            "FolderName" | "NewFolderName" => "Folder.Name",
            name => name,
        };
        let entry =
            |code: String| directory::ALL.iter().find(|known| known.code == code).map(super::Known::error);
        match self.flaw {
            None => entry(format!("MissingParameter.{word}")).unwrap_or_else(|| self.in_words_of_ram()),
            Some(flaw) => {
                let length =
                    matches!(flaw, Flaw::Length).then(|| entry(format!("InvalidParameter.{word}.Length")));
                let code = format!("InvalidParameter.{word}");
                length
                    .flatten()
                    .or_else(|| entry(code.clone()))
                    .unwrap_or_else(|| ApiError::free(400, code, format!("The {} is invalid.", self.name)))
            }
        }
    }

    /// Returns the error as RAM reports it. Source: docs/evidence/ram.md section 4.
    pub fn in_words_of_ram(self) -> ApiError {
        let name = self.name;
        let Some(flaw) = self.flaw else {
            let message = format!("{name} is mandatory for this action.");
            return ApiError::free(400, format!("Missing{name}"), message);
        };
        let (word, message) = match flaw {
            Flaw::Length => (".Length", format!("The parameter - \"{name}\" beyond the length limit.")),
            Flaw::InvalidChars => {
                (".InvalidChars", format!("The parameter - \"{name}\" contains invalid chars."))
            }
            Flaw::Format => (".Format", format!("The format of the parameter - \"{name}\" is incorrect.")),
            Flaw::Range { min, max } => {
                (".Range", format!("The parameter - \"{name}\" MUST be in the range of {min} and {max}."))
            }
            Flaw::Size { min, max } => {
                (".Length", format!("The parameter - \"{name}\" MUST be in the range of {min} and {max}."))
            }
            Flaw::Value => ("", format!("The parameter - \"{name}\" is incorrect.")),
        };
        ApiError::free(400, format!("InvalidParameter.{name}{word}"), message)
    }
}
