import SecurityCore
import SecurityTokens

/// A tree that is written as YAML 1.2. Maps keep the order in which they are written down.
indirect enum YAMLNode: Equatable, Sendable {
    case text(String)
    case integer(Int)
    case flag(Bool)
    case list([YAMLNode])
    case map([YAMLEntry])

    /// A map with further entries.
    static func + (left: YAMLNode, right: YAMLNode) -> YAMLNode {
        guard case .map(let first) = left, case .map(let second) = right else { return left }
        return .map(first + second)
    }

    /// The value of a name, of a map that has it.
    subscript(name: String) -> YAMLNode? {
        guard case .map(let entries) = self else { return nil }
        return entries.first { $0.name == name }?.value
    }
}

/// One entry of a map.
struct YAMLEntry: Equatable, Sendable {
    let name: String
    let value: YAMLNode
}

// MARK: - Written down in Swift

extension YAMLNode: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: YAMLNode...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, YAMLNode)...) {
        self = .map(elements.map { YAMLEntry(name: $0.0, value: $0.1) })
    }
}

// MARK: - Written out

extension YAMLNode {
    /// The document, in block style.
    var yaml: String { lines.joined(separator: "\n") + "\n" }

    private var lines: [String] {
        switch self {
        case .text(let text): [YAMLNode.scalar(text)]
        case .integer(let number): ["\(number)"]
        case .flag(let flag): [flag ? "true" : "false"]
        case .list([]): ["[]"]
        case .map([]): ["{}"]
        case .list(let elements):
            elements.flatMap { element in
                element.lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        case .map(let entries):
            entries.flatMap { entry in
                let name = YAMLNode.scalar(entry.name) + ":"
                let lines = entry.value.lines
                return entry.value.isBlock ? [name] + lines.map { "  " + $0 } : lines.map { name + " " + $0 }
            }
        }
    }

    private var isBlock: Bool {
        switch self {
        case .text, .integer, .flag, .list([]), .map([]): false
        case .list, .map: true
        }
    }

    /// A text as it is where no reader can take it for something else; else in double quotes, whose escapes are JSON's.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { isLetter($0) || $0 == 0x2F || $0 == 0x24 } == true
            && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || plainMarks.contains($0) }
        guard isPlain, !takenWords.contains(ByteText(text).lowered) else {
            return JSONWriter.write(.text(text), .flask).text
        }
        return text
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static let plainMarks = Set("_-/.$".utf8)

    /// Words that YAML 1.1, which many readers still speak, takes for values of other types.
    private static let takenWords: Set<ByteText> = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null",
    ]
}
