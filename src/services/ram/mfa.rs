//! Operations on virtual MFA devices. Source: docs/evidence/ram.md 5.4.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Result, ram};
use crate::operation::Done;
use crate::params::{Field, Params, request};
use crate::qr;
use crate::services::ram::users::OneUser;
use crate::services::shared::reply::{All, One, elements};
use crate::text::{MfaName, Timestamp, UserName};
use crate::world::account::{Account, MfaDevice};
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateVirtualMFADevice`.
    pub(super) struct CreateDevice {
        name: MfaName = "VirtualMFADeviceName",
    }

    /// Parameters of `DeleteVirtualMFADevice`.
    pub(super) struct OneDevice {
        serial_number: String = "SerialNumber",
    }

    /// Parameters of `BindMFADevice`.
    pub(super) struct BindDevice {
        user_name: UserName = "UserName",
        serial_number: String = "SerialNumber",
        first: OneTimeCode = "AuthenticationCode1",
        second: OneTimeCode = "AuthenticationCode2",
    }

    /// `ListVirtualMFADevices` takes no parameters.
    pub(super) struct ListDevices {}
}

/// Code of a device: six digits.
pub(super) struct OneTimeCode(u32);

impl Field for OneTimeCode {
    /// The error for both parameters has the same name.
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let text: String = Field::take(params, name)?;
        let good = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let code = text.parse().ok().filter(|_| good);
        Ok(Self(code.ok_or_else(|| ram::CODE_FORMAT.error())?))
    }
}

/// A new device. Only this response shows its key.
#[apply(reply)]
pub(super) struct NewDevice {
    serial_number: String,
    #[serde(rename = "Base32StringSeed")]
    seed: String,
    #[serde(rename = "QRCodePNG")]
    qr_code: String,
}

/// A device in a list.
#[apply(reply)]
pub(super) struct DeviceView {
    serial_number: String,
    activate_date: Option<Timestamp>,
    user: Option<Bearer>,
}

#[apply(reply)]
struct Bearer {
    user_id: String,
    user_name: UserName,
    display_name: String,
}

/// Device of a user.
#[apply(reply)]
pub(super) struct BoundDevice {
    serial_number: String,
    r#type: Option<&'static str>,
}

elements! {
    NewDevice: "VirtualMFADevice" "VirtualMFADevices";
    DeviceView: "VirtualMFADevice" "VirtualMFADevices";
    BoundDevice: "MFADevice" "MFADevices";
}

/// `CreateVirtualMFADevice`: creates a device without a user.
///
/// Fails with `EntityAlreadyExists.VirtualMFADevice` and `LimitExceeded.VirtualMFADevice`.
pub(super) fn create(tx: &mut Tx<'_>, req: CreateDevice) -> Result<One<NewDevice>> {
    let uid = tx.account()?.uid;
    let slot = tx.add_device(uid, req.name)?;
    let device = tx.account()?.device(slot)?;
    let seed = device.seed.base32();
    let uri = format!("otpauth://totp/{}@{uid}?secret={seed}&issuer=Aliyun", device.name);
    Ok(One(NewDevice { serial_number: device.serial_number(uid), qr_code: qr::png_base64(&uri), seed }))
}

/// `ListVirtualMFADevices`: returns all devices, bound or not. No pages.
pub(super) fn list(view: View<'_>, _: ListDevices) -> Result<All<DeviceView>> {
    let account = view.account()?;
    Ok(account.devices.iter().map(|(_, device)| DeviceView::of(device, account)).collect())
}

impl DeviceView {
    fn of(device: &MfaDevice, account: &Account) -> Self {
        let bearer = |slot| {
            let user = account.users.get(slot)?;
            Some(Bearer {
                user_id: user.id.to_string(),
                user_name: user.name.clone(),
                display_name: user.display_name(),
            })
        };
        Self {
            serial_number: device.serial_number(account.uid),
            activate_date: device.bound.map(|(_, since)| since),
            user: device.bound.and_then(|(slot, _)| bearer(slot)),
        }
    }
}

/// `DeleteVirtualMFADevice`: deletes a device that is not bound.
///
/// Fails with `EntityNotExist.VirtualMFADevice` and `DeleteConflict.VirtualMFADevice.User`.
pub(super) fn delete(tx: &mut Tx<'_>, req: OneDevice) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.device_slot(&req.serial_number)?;
    account.remove_device(slot)?;
    Ok(Done {})
}

/// `BindMFADevice`: binds a device to a user; needs two consecutive codes of the device.
///
/// Fails with `InvalidParameter.AuthenticationCode.Format`, `EntityNotExist.User`, `EntityNotExist.VirtualMFADevice`,
/// `EntityAlreadyExists.User.MFADevice`, `EntityAlreadyExists.VirtualMFADevice.User` and `CheckAuthenticationCodeFail`.
pub(super) fn bind(tx: &mut Tx<'_>, req: BindDevice) -> Result<Done> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let user = account.user_slot(&req.user_name)?;
    let device = account.device_slot(&req.serial_number)?;
    account.bind_device(user, device, [req.first.0, req.second.0], now)?;
    Ok(Done {})
}

/// `UnbindMFADevice`: unbinds the device of a user; the device stays (UNCERTAIN in 2026).
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.MFADevice`.
pub(super) fn unbind(tx: &mut Tx<'_>, req: OneUser) -> Result<One<BoundDevice>> {
    let (account, _) = tx.account_mut()?;
    let uid = account.uid;
    let user = account.user_slot(&req.user_name)?;
    let device = account.unbind_device(user)?;
    Ok(One(BoundDevice { serial_number: device.serial_number(uid), r#type: None }))
}

/// `GetUserMFAInfo`: returns the device of a user.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.MFADevice`.
pub(super) fn of_user(view: View<'_>, req: OneUser) -> Result<One<BoundDevice>> {
    let account = view.account()?;
    let device = account.device_of_user(account.user_slot(&req.user_name)?)?;
    Ok(One(BoundDevice { serial_number: device.serial_number(account.uid), r#type: Some("VMFA") }))
}
