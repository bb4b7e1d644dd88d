/// Columns of text under headings, each as wide as its widest cell; the last one is not padded.
struct TextTable {
    private let headings: [String]
    private var rows: [[String]] = []

    /// An empty table.
    init(_ headings: String...) {
        self.headings = headings
    }

    /// Adds a row of as many cells as there are headings. Control characters are made visible.
    mutating func add(_ cells: String...) {
        rows.append(cells.map { $0.isEmpty ? "-" : $0.printable })
    }

    /// The lines, each with its end.
    var text: String {
        let lines = [headings] + rows
        let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.indices.map { column in
                let isLast = column == line.count - 1
                return line[column] + String(repeating: " ", count: isLast ? 0 : widths[column] - line[column].count)
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}

extension String {
    /// The text with control characters and characters that reorder text written as `\u{…}`, so that a name from the
    /// database cannot drive the terminal.
    var printable: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
