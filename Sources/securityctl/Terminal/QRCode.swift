import CLibc
import CQRencode
import SecurityCore

/// A QR code (ISO/IEC 18004) as text for a terminal.
///
/// libqrencode copies what it encodes and does not wipe it. The process that draws the code ends right after, and the
/// picture itself is the secret.
struct QRCode {
    /// Modules on a side, without the quiet zone.
    let width: Int
    private let modules: [Bool]
    /// Light modules around the code, as many as the standard asks for.
    private static let quietZone = 4

    /// The code of some bytes at error correction level L; nil when they are too many or memory ran out.
    init?(_ content: SharedSecret) {
        let code = unsafe content.withBytes { bytes in
            // SAFETY: the bytes live through the call and their number is passed.
            unsafe bytes.withUnsafeBufferPointer { buffer in
                unsafe QRcode_encodeData(Int32(clamping: buffer.count), buffer.baseAddress, 0, QR_ECLEVEL_L)
            }
        }
        guard let code = unsafe code else { return nil }
        // SAFETY: `code` is ours until it is freed; `data` holds width * width bytes, the lowest bit is the colour.
        defer { unsafe QRcode_free(code) }
        let width = unsafe Int(code.pointee.width)
        guard width > 0, let data = unsafe code.pointee.data else { return nil }
        self.width = width
        modules = (0..<(width * width)).map { unsafe data[$0] & 1 == 1 }
    }

    /// Whether a module is dark; all of the quiet zone is light.
    private func isDark(_ row: Int, _ column: Int) -> Bool {
        guard (0..<width).contains(row), (0..<width).contains(column) else { return false }
        return modules[row * width + column]
    }

    /// Two rows of modules in each line of text. `isColored` sets black on white, whatever the terminal's own colours
    /// are; without it the text is meant for dark ink on a light ground.
    func text(isColored: Bool) -> String {
        let zone = QRCode.quietZone
        let open = isColored ? "\u{1b}[38;5;16;48;5;231m" : ""
        let close = isColored ? "\u{1b}[0m" : ""
        return stride(from: -zone, to: width + zone, by: 2).map { row in
            let blocks = (-zone..<(width + zone)).map { column in
                switch (isDark(row, column), isDark(row + 1, column)) {
                case (true, true): "\u{2588}"
                case (true, false): "\u{2580}"
                case (false, true): "\u{2584}"
                case (false, false): " "
                }
            }
            return open + blocks.joined() + close + "\n"
        }.joined()
    }
}
