/// A text with placeholders as Python's `%` operator fills them: `%(name)s`, `%(name)d`, and `%%` for a percent sign.
struct MessageText {
    /// A part of the text.
    enum Part: Equatable {
        /// Text as it is.
        case literal(String)
        /// The value of a placeholder.
        case placeholder(String)
    }

    /// What is wrong with a text.
    enum Flaw: Equatable {
        /// A `%` that begins no placeholder.
        case strayPercent
        /// `%(name)` without the `s` or `d` behind it. Python would take what follows for a conversion.
        case unfinished(String)
    }

    /// The parts in order.
    private(set) var parts: [Part] = []
    /// What is wrong, in order. A stray `%` stands for itself and an unfinished placeholder for its value.
    private(set) var flaws: [Flaw] = []

    /// Takes a text apart.
    init(_ text: String) {
        let bytes = Array(text.utf8)
        var literal: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x25 else {
                literal.append(bytes[index])
                index += 1
                continue
            }
            if bytes.indices.contains(index + 1), bytes[index + 1] == 0x25 {
                literal.append(0x25)
                index += 2
            } else if let (name, end) = MessageText.name(in: bytes, from: index + 1) {
                append(literal)
                literal = []
                parts.append(.placeholder(name))
                index = end
                let isFinished = bytes.indices.contains(end) && (bytes[end] == 0x73 || bytes[end] == 0x64)
                if isFinished { index += 1 } else { flaws.append(.unfinished(name)) }
            } else {
                flaws.append(.strayPercent)
                literal.append(0x25)
                index += 1
            }
        }
        append(literal)
    }

    private mutating func append(_ literal: [UInt8]) {
        if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
    }

    /// The name between parentheses that begin at `start`, and the index behind them.
    private static func name(in bytes: [UInt8], from start: Int) -> (name: String, end: Int)? {
        guard bytes.indices.contains(start), bytes[start] == 0x28,
            let end = bytes[start...].firstIndex(of: 0x29), end > start + 1
        else { return nil }
        return (String(decoding: bytes[(start + 1)..<end], as: UTF8.self), end + 1)
    }

    /// The names of the placeholders, each as often as it stands.
    var names: [String] {
        parts.compactMap { part in
            guard case .placeholder(let name) = part else { return nil }
            return name
        }
    }

    /// The text with its values; nil when one is missing. Python would raise KeyError.
    func filled(with arguments: [Message.Argument]) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .placeholder(let name):
                guard let argument = arguments.first(where: { $0.name == name }) else { return nil }
                text += argument.value
            }
        }
        return text
    }
}
