//! QR codes as pictures: how a console shows the key of an MFA device.

use base64::{Engine, engine::general_purpose::STANDARD};
use fast_qr::QRBuilder;

/// Blank modules around a code. Source: ISO/IEC 18004, the quiet zone.
const MARGIN: usize = 4;
/// Pixels a module is wide: a phone reads the picture off a screen.
const SCALE: usize = 4;

/// `text` as a QR code: a black and white PNG in Base64.
pub(crate) fn png_base64(text: &str) -> String {
    let code = QRBuilder::new(text).build().expect("an URI of a device fits into a code");
    let side = (code.size + 2 * MARGIN) * SCALE;
    let row_bytes = side.div_ceil(8);
    let mut bits = vec![0xff; row_bytes * side];
    let module = |at: usize| (at / SCALE).checked_sub(MARGIN).filter(|at| *at < code.size);
    for y in 0..side {
        for x in 0..side {
            if module(y).zip(module(x)).is_some_and(|(row, column)| code[row][column].value()) {
                bits[y * row_bytes + x / 8] &= !(0x80 >> (x % 8));
            }
        }
    }
    let mut png = Vec::new();
    let side = u32::try_from(side).expect("a code has at most 177 modules a side");
    let mut encoder = png::Encoder::new(&mut png, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().expect("writing to memory does not fail");
    writer.write_image_data(&bits).expect("the picture has the size that was said");
    writer.finish().expect("writing to memory does not fail");
    STANDARD.encode(png)
}

/// `text` as a QR code: the side of a square in modules, and the outline of the black ones as a path of SVG.
pub(crate) fn svg(text: &str) -> (usize, String) {
    let code = QRBuilder::new(text).build().expect("an URI of a device fits into a code");
    let black = (0..code.size).flat_map(|y| (0..code.size).map(move |x| (x, y)));
    let black = black.filter(|(x, y)| code[*y][*x].value());
    let path = black.map(|(x, y)| format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN)).collect();
    (code.size + 2 * MARGIN, path)
}
