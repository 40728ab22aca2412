//! Operations on virtual MFA devices. Source: docs/evidence/ram.md 5.4, docs/evidence/ims.md 4.6.

use crate::attributes::{apply, reply};
use crate::error::{Failure, Result, ram};
use crate::operation::Done;
use crate::params::{Field, Params, request};
use crate::qr;
use crate::services::shared::identity::{Api, Ims, Nothing, OneUser, UserRef, names};
use crate::services::shared::reply::{All, Marker, One, Page, elements, page};
use crate::text::{Bounded, MfaName, Timestamp, UserName};
use crate::world::account::{Account, MfaDevice, Seed};
use crate::world::register::Slot;
use crate::world::{Tx, View};

request! {
    /// Parameters of `CreateVirtualMFADevice`.
    pub(crate) struct CreateDevice {
        name: MfaName = "VirtualMFADeviceName",
    }

    /// Parameters of `DeleteVirtualMFADevice`.
    pub(crate) struct OneDevice {
        serial_number: String = "SerialNumber",
    }

    /// Parameters of `BindMFADevice`.
    pub(crate) struct BindDevice<A: Api> {
        user: A::Name = A::USER,
        serial_number: String = "SerialNumber",
        first: OneTimeCode = "AuthenticationCode1",
        second: OneTimeCode = "AuthenticationCode2",
    }

    /// Parameters of `ListVirtualMFADevices` of IMS. That of RAM takes none.
    pub(crate) struct ListDevices {
        marker: Option<Marker> = "Marker",
        max_items: Option<Bounded<1, 100>> = "MaxItems",
    }
}

/// Code of a device: six digits.
pub(crate) struct OneTimeCode(u32);

impl Field for OneTimeCode {
    /// The error for both parameters has the same name.
    fn take(params: &Params, name: &'static str) -> Result<Self, Failure> {
        let text: String = Field::take(params, name)?;
        Ok(Self(Seed::code_of(&text).ok_or_else(|| ram::CODE_FORMAT.error())?))
    }
}

/// A new device. Only this response shows its key.
#[apply(reply)]
pub(crate) struct NewDevice {
    serial_number: String,
    #[serde(rename = "Base32StringSeed")]
    seed: String,
    #[serde(rename = "QRCodePNG")]
    qr_code: String,
}

/// A device in a list.
#[apply(reply)]
pub(crate) struct DeviceView {
    serial_number: String,
    activate_date: Option<Timestamp>,
    user: Option<Bearer>,
}

/// The user of a device; in IMS an empty object for a device without one.
#[apply(reply)]
#[derive(Default)]
struct Bearer {
    user_id: Option<String>,
    user_name: Option<UserName>,
    user_principal_name: Option<String>,
    display_name: Option<String>,
}

/// Device of a user.
#[apply(reply)]
pub(crate) struct BoundDevice {
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
pub(crate) fn create(tx: &mut Tx<'_>, req: CreateDevice) -> Result<One<NewDevice>> {
    let uid = tx.account()?.uid;
    let slot = tx.add_device(uid, req.name)?;
    let device = tx.account()?.device(slot)?;
    Ok(One(NewDevice {
        serial_number: device.serial_number(uid),
        qr_code: qr::png_base64(&device.uri(uid)),
        seed: device.seed.base32(),
    }))
}

/// `ListVirtualMFADevices` of RAM: returns all devices, bound or not. No pages.
pub(crate) fn list<A: Api>(view: View<'_>, _: Nothing) -> Result<All<DeviceView>> {
    let account = view.account()?;
    Ok(account.devices.iter().map(|(_, device)| DeviceView::of::<A>(device, account)).collect())
}

/// `ListVirtualMFADevices` of IMS: returns a page of devices, bound or not.
pub(crate) fn page_of_devices(view: View<'_>, req: ListDevices) -> Result<Page<DeviceView>> {
    let account = view.account()?;
    let from = req.marker.map_or(Slot(0), |marker| Slot(marker.0));
    let devices = account.devices.iter_from(from).map(|(slot, device)| (slot.0, device));
    let shown = |device: &_| DeviceView::of::<Ims>(device, account);
    Ok(page(devices, req.max_items.map(|max| max.0), |device| shown(device)))
}

impl DeviceView {
    fn of<A: Api>(device: &MfaDevice, account: &Account) -> Self {
        let bearer = |slot| {
            let user = account.users.get(slot)?;
            let (user_name, user_principal_name) = names::<A>(account, user);
            Some(Bearer {
                user_id: Some(user.id.to_string()),
                user_name,
                user_principal_name,
                display_name: Some(user.display_name()),
            })
        };
        let user = device.bound.and_then(|(slot, _)| bearer(slot));
        Self {
            serial_number: device.serial_number(account.uid),
            activate_date: device.bound.map(|(_, since)| since),
            user: user.or_else(|| A::NEWER.then(Bearer::default)),
        }
    }
}

/// `DeleteVirtualMFADevice`: deletes a device that is not bound.
///
/// Fails with `EntityNotExist.VirtualMFADevice` and `DeleteConflict.VirtualMFADevice.User`.
pub(crate) fn delete(tx: &mut Tx<'_>, req: OneDevice) -> Result<Done> {
    let (account, _) = tx.account_mut()?;
    let slot = account.device_slot(&req.serial_number)?;
    account.remove_device(slot)?;
    Ok(Done {})
}

/// `BindMFADevice`: binds a device to a user; needs two consecutive codes of the device.
///
/// Fails with `InvalidParameter.AuthenticationCode.Format`, `EntityNotExist.User`, `EntityNotExist.VirtualMFADevice`,
/// `EntityAlreadyExists.User.MFADevice`, `EntityAlreadyExists.VirtualMFADevice.User` and `CheckAuthenticationCodeFail`.
pub(crate) fn bind<A: Api>(tx: &mut Tx<'_>, req: BindDevice<A>) -> Result<Done> {
    let now = tx.now;
    let (account, _) = tx.account_mut()?;
    let user = req.user.slot_in(account)?;
    let device = account.device_slot(&req.serial_number)?;
    account.bind_device(user, device, [req.first.0, req.second.0], now)?;
    Ok(Done {})
}

/// `UnbindMFADevice`: unbinds the device of a user; the device stays (UNCERTAIN in 2026).
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.MFADevice`.
pub(crate) fn unbind<A: Api>(tx: &mut Tx<'_>, req: OneUser<A>) -> Result<One<BoundDevice>> {
    let (account, _) = tx.account_mut()?;
    let uid = account.uid;
    let user = req.user.slot_in(account)?;
    let device = account.unbind_device(user)?;
    Ok(One(BoundDevice { serial_number: device.serial_number(uid), r#type: None }))
}

/// `GetUserMFAInfo` of RAM: returns the device of a user. That of IMS is in `services/ims/security.rs`.
///
/// Fails with `EntityNotExist.User` and `EntityNotExist.User.MFADevice`.
pub(crate) fn of_user<A: Api>(view: View<'_>, req: OneUser<A>) -> Result<One<BoundDevice>> {
    let account = view.account()?;
    let device = account.device_of_user(req.user.slot_in(account)?)?;
    Ok(One(BoundDevice::of(device, account)))
}

impl BoundDevice {
    /// A bound device, with its type.
    pub(crate) fn of(device: &MfaDevice, account: &Account) -> Self {
        Self { serial_number: device.serial_number(account.uid), r#type: Some("VMFA") }
    }
}
