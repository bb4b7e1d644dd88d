import SecurityCore

/// A JSON value (RFC 8259) for `--json`. Members keep their order.
indirect enum JSON {
    case null
    case bool(Bool)
    case int(Int64)
    case string(String)
    /// A string that must not be copied about: a key, a code.
    case secret(SharedSecret)
    case array([JSON])
    case object([(String, JSON)])

    /// A string, or null.
    static func optional(_ text: String?) -> JSON {
        text.map { .string($0) } ?? .null
    }

    /// An array of strings.
    static func strings(_ texts: [String]) -> JSON {
        .array(texts.map { .string($0) })
    }
}

extension OutputBuffer {
    /// Writes a value, two blanks deeper for each level.
    func write(_ value: JSON, indent: Int = 0) {
        switch value {
        case .null: write("null")
        case .bool(let flag): write(flag ? "true" : "false")
        case .int(let number): write("\(number)")
        case .string(let text): writeQuoted(Array(text.utf8).span)
        case .secret(let secret): secret.withBytes { writeQuoted($0) }
        case .array(let elements):
            writeList("[", "]", count: elements.count, indent) { write(elements[$0], indent: indent + 1) }
        case .object(let members):
            writeList("{", "}", count: members.count, indent) { index in
                writeQuoted(Array(members[index].0.utf8).span)
                write(": ")
                write(members[index].1, indent: indent + 1)
            }
        }
    }

    private func writeList(_ open: String, _ close: String, count: Int, _ indent: Int, element: (Int) -> Void) {
        write(open)
        for index in 0..<count {
            write(index == 0 ? "\n" : ",\n")
            write(String(repeating: "  ", count: indent + 1))
            element(index)
        }
        if count > 0 { write("\n" + String(repeating: "  ", count: indent)) }
        write(close)
    }

    /// UTF-8 between quotation marks. Control characters are escaped, the C1 ones too, which terminals obey.
    private func writeQuoted(_ bytes: Span<UInt8>) {
        write(0x22)
        var previous: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            case 0x22, 0x5c: write([0x5c, byte])
            case 0x0a: write("\\n")
            case 0..<0x20, 0x7f: writeEscape(byte)
            case 0xc2 where index + 1 < bytes.count && bytes[index + 1] < 0xa0: break
            case 0x80..<0xa0 where previous == 0xc2: writeEscape(byte)
            default: write(byte)
            }
            previous = byte
        }
        write(0x22)
    }

    private func writeEscape(_ unit: UInt8) {
        write("\\u00" + String(unit >> 4, radix: 16) + String(unit & 15, radix: 16))
    }
}
