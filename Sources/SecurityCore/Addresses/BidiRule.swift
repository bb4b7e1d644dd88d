import CIDNA

/// The Bidi rule (RFC 5893 section 2): no label may be read in another order beside other text.
enum BidiRule {
    private typealias Direction = UInt32
    private static let (l, r, al) = (
        Direction(CIDNA_BIDI_L.rawValue), Direction(CIDNA_BIDI_R.rawValue), Direction(CIDNA_BIDI_AL.rawValue)
    )
    private static let (an, en) = (Direction(CIDNA_BIDI_AN.rawValue), Direction(CIDNA_BIDI_EN.rawValue))
    private static let nonSpacing = Direction(CIDNA_BIDI_NSM.rawValue)

    /// Whether a text has something that is written from right to left.
    static func isRightToLeft(_ text: some Sequence<Unicode.Scalar>) -> Bool {
        text.contains { scalar in
            let direction = cidna_bidi_of(scalar.value)
            return direction == r || direction == al || direction == an
        }
    }

    /// What is wrong with a label. `appliesToAll`: it stands beside one from right to left, which binds it too.
    static func flaw(of label: [Unicode.Scalar], appliesToAll: Bool) -> IDNAFlaw? {
        let directions = label.map { cidna_bidi_of($0.value) }
        // What Python 3.11's Unicode does not know.
        guard !directions.contains(Direction(CIDNA_BIDI_UNKNOWN.rawValue)) else { return .direction }
        guard appliesToAll || isRightToLeft(label) else { return nil }
        // 1. The first character tells the direction.
        guard let first = directions.first, first == l || first == r || first == al else { return .direction }
        return isRight(directions, isRightToLeft: first != l) ? nil : .direction
    }

    private static func isRight(_ directions: [Direction], isRightToLeft: Bool) -> Bool {
        // 2 and 5. What each kind of label may have: numbers, signs and marks, and letters of its own direction.
        let own: [Direction] = isRightToLeft ? [r, al, an] : [l]
        let isAllowed = directions.allSatisfy { own.contains($0) || (en...nonSpacing).contains($0) }
        // 3 and 6. What it may end with, marks left aside.
        guard isAllowed, let last = directions.last(where: { $0 != nonSpacing }) else { return false }
        guard own.contains(last) || last == en else { return false }
        // 4. One kind of digits.
        return !isRightToLeft || !(directions.contains(an) && directions.contains(en))
    }
}
