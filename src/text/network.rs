//! IP addresses and CIDR blocks.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Parses an address to listen on: `127.0.0.1:4588`, `localhost:4588`, `:4588` or `4588`. Without an address it is loopback, because a server
/// that other machines reach must be asked for.
pub fn listen_address(text: &str) -> Option<SocketAddr> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        return Some((Ipv4Addr::LOCALHOST, port.parse().ok()?).into());
    }
    text.parse().ok()
}

/// An address or a CIDR block. Host bits of a block are ignored.
// Invariant: they are 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Parses `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let digits = |bits: &str| bits.bytes().all(|b| b.is_ascii_digit());
        let bits = match bits {
            None => most,
            Some(bits) => bits.parse().ok().filter(|n| *n <= most && digits(bits))?,
        };
        Some(Self { address: masked(address, bits), bits })
    }

    /// First address of the block.
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// Length of the network prefix in bits.
    pub fn bits(self) -> u8 {
        self.bits
    }

    /// Block of `bits` bits that contains an address; `None` if the address is shorter. An IPv4 address mapped into IPv6 is an IPv4 address.
    pub fn around(address: IpAddr, bits: u8) -> Option<Self> {
        let address = address.to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        (bits <= most).then(|| Self { address: masked(address, bits), bits })
    }

    /// Returns `true` if the block contains the address.
    pub fn contains(self, address: IpAddr) -> bool {
        Self::around(address, self.bits) == Some(self)
    }
}

/// A block of one address prints as the address.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = if self.address.is_ipv4() { 32 } else { 128 };
        if self.bits == most {
            return write!(f, "{}", self.address);
        }
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!("`{text}` is neither an address nor a CIDR block such as 10.0.0.0/8"))
        })
    }
}

/// An address with all bits after `bits` cleared.
fn masked(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            IpAddr::V4((u32::from(address) & mask).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            IpAddr::V6((u128::from(address) & mask).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_holds_the_addresses_that_begin_like_it() {
        let holds = |block: &str, address: &str| {
            let (block, address): (_, IpAddr) = (Network::parse(block).unwrap(), address.parse().unwrap());
            assert_eq!(Network::around(address, block.bits()) == Some(block), block.contains(address));
            block.contains(address)
        };
        for (block, address) in [
            ("10.0.0.1", "10.0.0.1"),
            ("10.1.2.3/8", "10.9.9.9"),
            ("0.0.0.0/0", "203.0.113.7"),
            ("10.0.0.0/8", "::ffff:10.1.1.1"),
            ("2001:db8::/32", "2001:db8:1::1"),
            ("::/0", "2001:db8::1"),
        ] {
            assert!(holds(block, address), "{block} {address}");
        }
        for (block, address) in [("10.0.0.1", "10.0.0.2"), ("10.0.0.0/9", "10.128.0.0"), ("::/0", "10.0.0.1")]
        {
            assert!(!holds(block, address), "{block} {address}");
        }
    }
}
