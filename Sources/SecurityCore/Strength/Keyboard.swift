/// A keyboard's keys and which of them are neighbours.
struct Keyboard: Sendable {
    private let rows: [(offset: Int, keys: [[UInt8]])]
    /// Whether rows stand half a key apart, so that a key has six neighbours and not eight.
    private let isSlanted: Bool
    /// Whether its keys have a shifted character.
    var hasShift: Bool { isSlanted }
    /// Characters that it can type.
    let startingPositions: Int
    /// Neighbours of a character, on average.
    let averageDegree: Double

    private init(_ text: [(offset: Int, keys: String)], isSlanted: Bool) {
        let rows = text.map { row in
            (
                offset: row.offset,
                keys: row.keys.split(separator: " ").map { key in Array(key.utf8) }
            )
        }
        self.rows = rows
        self.isSlanted = isSlanted
        var positions = 0
        var neighbours = 0
        for (y, row) in rows.enumerated() {
            for (index, key) in row.keys.enumerated() {
                positions += key.count
                let around = Keyboard.around(row.offset + index, y, isSlanted: isSlanted)
                neighbours += key.count * around.count { Keyboard.key($0, in: rows) != nil }
            }
        }
        startingPositions = positions
        averageDegree = Double(neighbours) / Double(positions)
    }

    static let qwerty = Keyboard(
        [
            (0, "`~ 1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) -_ =+"), (1, "qQ wW eE rR tT yY uU iI oO pP [{ ]} \\|"),
            (1, "aA sS dD fF gG hH jJ kK lL ;: '\""), (1, "zZ xX cC vV bB nN mM ,< .> /?"),
        ], isSlanted: true)
    static let dvorak = Keyboard(
        [
            (0, "`~ 1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) [{ ]}"), (1, "'\" ,< .> pP yY fF gG cC rR lL /? =+ \\|"),
            (1, "aA oO eE uU iI dD hH tT nN sS -_"), (1, ";: qQ jJ kK xX bB mM wW vV zZ"),
        ], isSlanted: true)
    static let keypad = Keyboard(
        [(1, "/ * -"), (0, "7 8 9 +"), (0, "4 5 6"), (0, "1 2 3"), (1, "0 .")], isSlanted: false)
    static let macKeypad = Keyboard(
        [(1, "= / *"), (0, "7 8 9 -"), (0, "4 5 6 +"), (0, "1 2 3"), (1, "0 .")], isSlanted: false)

    /// In zxcvbn's order.
    static let all = [qwerty, dvorak, keypad, macKeypad]

    /// The guesses of a pattern on this keyboard are counted on that one.
    var reference: Keyboard { isSlanted ? Keyboard.qwerty : Keyboard.keypad }

    /// How one gets from a key to a neighbour: the direction, and whether the new character is shifted; nil when the
    /// characters are not on neighbouring keys.
    func step(from: UInt32, to: UInt32) -> (direction: Int, isShifted: Bool)? {
        guard from < 0x80, to < 0x80, let place = place(of: UInt8(from)) else { return nil }
        for (direction, position) in Keyboard.around(place.x, place.y, isSlanted: isSlanted).enumerated() {
            guard let key = Keyboard.key(position, in: rows), let index = key.firstIndex(of: UInt8(to)) else {
                continue
            }
            return (direction, index == 1)
        }
        return nil
    }

    private func place(of character: UInt8) -> (x: Int, y: Int)? {
        for (y, row) in rows.enumerated() {
            for (index, key) in row.keys.enumerated() where key.contains(character) { return (row.offset + index, y) }
        }
        return nil
    }

    /// The places around one, clockwise from the left.
    private static func around(_ x: Int, _ y: Int, isSlanted: Bool) -> [(x: Int, y: Int)] {
        isSlanted
            ? [(x - 1, y), (x, y - 1), (x + 1, y - 1), (x + 1, y), (x, y + 1), (x - 1, y + 1)]
            : [
                (x - 1, y), (x - 1, y - 1), (x, y - 1), (x + 1, y - 1), (x + 1, y), (x + 1, y + 1), (x, y + 1),
                (x - 1, y + 1),
            ]
    }

    private static func key(_ place: (x: Int, y: Int), in rows: [(offset: Int, keys: [[UInt8]])]) -> [UInt8]? {
        guard rows.indices.contains(place.y) else { return nil }
        let row = rows[place.y]
        let index = place.x - row.offset
        return row.keys.indices.contains(index) ? row.keys[index] : nil
    }
}
