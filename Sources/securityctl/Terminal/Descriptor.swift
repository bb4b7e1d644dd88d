import CLibc
import SecurityCore

/// An open file that is closed with its last owner.
final class Descriptor {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    /// Opens a file; nil with `errno` set when that fails.
    convenience init?(path: String, flags: Int32) {
        // SAFETY: the text is NUL-terminated and lives through the call.
        let number = unsafe path.withCString { unsafe clibc_open($0, flags) }
        guard number >= 0 else { return nil }
        self.init(number)
    }

    deinit {
        if number > STDERR_FILENO { close(number) }
    }

    /// Descriptor 0, which stays open.
    static var standardInput: Descriptor { Descriptor(STDIN_FILENO) }
    /// Descriptor 1, which stays open.
    static var standardOutput: Descriptor { Descriptor(STDOUT_FILENO) }

    /// Whether it is a terminal.
    var isTerminal: Bool { isatty(number) == 1 }

    /// Reads once into `span`, at most `limit` bytes from `offset` on; 0 at the end, -1 on an error. An interrupted read is
    /// tried again.
    func read(into span: inout MutableSpan<UInt8>, from offset: Int, limit: Int = .max) -> Int {
        while true {
            let count = min(span.count - offset, limit)
            guard count > 0 else { return 0 }
            // SAFETY: `count` bytes from `offset` are inside the span.
            let length = unsafe span.withUnsafeMutableBufferPointer { buffer in
                unsafe CLibc.read(number, buffer.baseAddress.map { unsafe $0 + offset }, count)
            }
            if length >= 0 || clibc_errno() != EINTR { return length }
        }
    }

    /// Writes a text; false when it cannot be written whole.
    func write(_ text: String) -> Bool { write(Array(text.utf8).span) }

    /// Writes bytes; false when they cannot be written whole.
    func write(_ bytes: Span<UInt8>) -> Bool {
        let buffer = OutputBuffer(descriptor: number)
        buffer.write(bytes)
        buffer.flush()
        return !buffer.hasFailed
    }
}

extension Descriptor {
    /// One line without its end; nil at the end of the file, on an error and when it is longer than `limit` bytes. Byte by
    /// byte, so that the next line stays unread.
    func readLine(limit: Int) -> Secret? {
        var length = 0
        var isComplete = false
        let buffer = Secret(count: limit + 1) { span in
            while length < span.count {
                guard read(into: &span, from: length, limit: 1) == 1 else { break }
                if span[length] == 0x0a {
                    isComplete = true
                    return
                }
                length += 1
            }
            isComplete = length > 0 && length <= limit
        }
        return isComplete ? buffer.withBytes { Secret(copying: $0.extracting(0..<length)) } : nil
    }

    /// Everything up to the end of the file; nil on an error and when there are more than `limit` bytes.
    func readAll(limit: Int) -> Secret? {
        var length = 0
        var isAtEnd = false
        let buffer = Secret(count: limit + 1) { span in
            while length < span.count {
                let count = read(into: &span, from: length)
                isAtEnd = count == 0
                guard count > 0 else { return }
                length += count
            }
        }
        return isAtEnd ? buffer.withBytes { Secret(copying: $0.extracting(0..<length)) } : nil
    }
}
