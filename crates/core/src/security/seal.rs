//! Encryption of fields.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// x
#[must_use]
pub fn decode_key(text: &str) -> Option<[u8; 32]> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let standard = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    let url_safe = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
    let bytes = standard.decode(text).or_else(|_| url_safe.decode(text)).ok()?;
    bytes.try_into().ok()
}
