import Foundation
import Testing

@testable import SecurityCore

/// What reading a configuration leaves behind in the process.
@Suite struct PolicyMemoryTests {
    /// The secret of the test: letters made from their place, so that the text itself stands nowhere.
    private static let count = 48

    private static func letter(_ place: Int) -> UInt8 {
        0x61 + UInt8(truncatingIfNeeded: (place &* 7919 &+ place &* place &* 31 &+ 5) % 26)
    }

    /// A file with the secret as SECRET_KEY, as password of the database, and as secret of two tables.
    private static func file() -> Secret {
        let pieces = [
            "SECRET_KEY = \"", "\"\nSECURITY_PASSWORD_SALT = \"", "\"\nSQLALCHEMY_DATABASE_URI = \"postgresql://u:",
            "@h/d\"\nSECURITY_TOTP_SECRETS = { 1 = \"", "\" }\nMAIL_PASSWORD = '", "'\n",
        ].map { Array($0.utf8) }
        let total = pieces.map(\.count).reduce(0, +) + (pieces.count - 1) * count
        return Secret(count: total) { out in
            var at = 0
            for (number, piece) in pieces.enumerated() {
                for byte in piece {
                    out[at] = byte
                    at += 1
                }
                guard number < pieces.count - 1 else { continue }
                for place in 0..<count {
                    out[at] = letter(place)
                    at += 1
                }
            }
        }
    }

    /// All of /proc/self/maps, which comes in pieces.
    private static func maps() throws -> String {
        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
        var text = Data()
        while let piece = try file.read(upToCount: 1 << 16), !piece.isEmpty { text += piece }
        return String(decoding: text, as: UTF8.self)
    }

    /// How often 16 letters of the secret in a row stand in writable memory, the stacks included.
    private static func copies() throws -> Int {
        let memory = try #require(FileHandle(forReadingAtPath: "/proc/self/mem"))
        let maps = try maps()
        let size = 1 << 16
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { unsafe buffer.deallocate() }
        var found = 0
        for line in maps.split(separator: "\n") where line.contains(" rw-p ") {
            let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt(String($0), radix: 16) }
            guard ends.count == 2 else { continue }
            var start = ends[0]
            while start < ends[1] {
                let wanted = min(size, Int(ends[1] - start))
                let got = unsafe pread(memory.fileDescriptor, buffer.baseAddress, wanted, off_t(start))
                guard got > 0 else { break }
                // What was read stands in the buffer, and is no copy of its own.
                let own = UInt(bitPattern: buffer.baseAddress)
                if start + UInt(got) <= own || start >= own + UInt(size) {
                    found += unsafe occurrences(in: UnsafeRawBufferPointer(rebasing: buffer[..<got]))
                }
                unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
                start += UInt(got)
            }
        }
        return found
    }

    private static func occurrences(in bytes: UnsafeRawBufferPointer) -> Int {
        var found = 0
        var run = 0
        for index in bytes.indices {
            let byte = unsafe bytes[index]
            run = byte == letter(run) ? run + 1 : byte == letter(0) ? 1 : 0
            if run == 16 {
                found += 1
                run = 0
            }
        }
        return found
    }

    @Test func `no copy of a secret is left when the policy is gone`() async {
        await #expect(processExitsWith: .success) {
            var before = -1
            do {
                let text = PolicyMemoryTests.file()
                let reading = PolicyReader.read(text, path: "/f")
                guard reading.policy != nil else { exit(2) }
                before = try PolicyMemoryTests.copies()
            }
            // The file, SECRET_KEY, the salt, the URI, the TOTP secret: each is found while it lives.
            guard before >= 9 else { exit(3) }
            exit(try PolicyMemoryTests.copies() == 0 ? 0 : 1)
        }
    }

    @Test func `the heap of the TOML fence replaces nobody's operators`() throws {
        for name in ["_Znwm", "_Znam", "_ZdlPv", "_ZdaPv", "_ZdlPvm", "_ZnwmSt11align_val_t", "_ZdlPvRKSt9nothrow_t"] {
            guard let symbol = unsafe dlsym(nil, name) else {
                Issue.record("\(name) is nowhere")
                continue
            }
            // Whoever asks for it by name gets that of a library, not that of this program.
            let owner = try owner(of: UInt(bitPattern: symbol))
            #expect(owner.contains(".so"), "\(owner)")
        }
    }

    /// The file that an address was loaded from.
    private func owner(of address: UInt) throws -> String {
        for line in try Self.maps().split(separator: "\n") {
            let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt(String($0), radix: 16) }
            if ends.count == 2, ends[0] <= address, address < ends[1] { return String(line) }
        }
        return ""
    }
}
