/// The computation of SHA-crypt (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", steps 1 to 22).
///
/// Our own loop over libcrypto's digest: it takes 0.65 (SHA-512) and 0.23 (SHA-256) of libxcrypt's time where it was measured,
/// and has no limit of 511 bytes. It gets there by laying out the eight messages that a round may hash beforehand: a round is
/// one digest, written to its place in the message of the next round.
struct SHACryptChecksum {
    /// The digest of the scheme, SHA-256 or SHA-512.
    let digest: LibCrypto.Digest

    /// The checksum in crypt(3)'s base64: 43 or 86 characters. Costs `rounds` digests; `password` has at most 4096 bytes, `salt`
    /// 16.
    func compute(_ password: Span<UInt8>, salt: Span<UInt8>, rounds: Int) -> Secret {
        let first = initial(password, salt)
        let key = sequence(of: password, times: password.count, count: password.count)
        let saltTimes = 16 + first.withBytes { Int($0[0]) }
        let salt = sequence(of: salt, times: saltTimes, count: salt.count)
        let last = key.withBytes { key in
            salt.withBytes { salt in first.withBytes { first in stretch(first, key, salt, rounds) } }
        }
        return last.withBytes { encode($0) }
    }

    /// Steps 1 to 12: digest A.
    private func initial(_ password: Span<UInt8>, _ salt: Span<UInt8>) -> Secret {
        let running = RunningDigest(digest)
        running.update(password)
        running.update(salt)
        running.update(password)
        let other = Secret(count: digest.count) { out in running.finish(&out) }
        return other.withBytes { other in
            running.reset()
            running.update(password)
            running.update(salt)
            for start in stride(from: 0, to: password.count, by: digest.count) {
                running.update(other.extracting(first: min(digest.count, password.count - start)))
            }
            var bits = password.count
            while bits > 0 {
                running.update(bits & 1 == 1 ? other : password)
                bits >>= 1
            }
            return Secret(count: digest.count) { out in running.finish(&out) }
        }
    }

    /// Steps 13 to 20: the digest of `text` repeated, itself repeated to `count` bytes.
    private func sequence(of text: Span<UInt8>, times: Int, count: Int) -> Secret {
        let running = RunningDigest(digest)
        for _ in 0..<times { running.update(text) }
        let once = Secret(count: digest.count) { out in running.finish(&out) }
        return once.withBytes { once in
            Secret(count: count) { out in
                for index in out.indices { out[index] = once[index % once.count] }
            }
        }
    }

    /// Step 21: the rounds.
    private func stretch(_ first: Span<UInt8>, _ key: Span<UInt8>, _ salt: Span<UInt8>, _ rounds: Int) -> Secret {
        let messages = RoundMessages(key: key.count, salt: salt.count, digest: digest.count)
        let running = RunningDigest(digest)
        var turn = 0
        let area = Secret(count: messages.count) { area in
            messages.write(key, salt, &area)
            for index in first.indices { area[messages.digestPlaces[turn].lowerBound + index] = first[index] }
            for _ in 0..<rounds {
                running.reset()
                running.update(area.span.extracting(messages.places[turn]))
                turn = turn == RoundMessages.cycle - 1 ? 0 : turn + 1
                running.finish(&area, at: messages.digestPlaces[turn].lowerBound)
            }
        }
        return area.withBytes { Secret(copying: $0.extracting(messages.digestPlaces[turn])) }
    }

    /// Step 22: groups of three bytes in the order that the specification shuffles them to, low bits first.
    private func encode(_ bytes: Span<UInt8>) -> Secret {
        let third = bytes.count / 3
        return Secret(count: (bytes.count * 8 + 5) / 6) { out in
            var position = 0
            for group in 0..<third {
                let turn = digest == .sha512 ? group : 2 * group
                let order = (0..<3).map { group + third * ((turn + $0) % 3) }
                put(bytes[order[0]], bytes[order[1]], bytes[order[2]], 4, &out, &position)
            }
            let end = bytes.count - 1
            if bytes.count % 3 == 1 { put(0, 0, bytes[end], 2, &out, &position) }
            if bytes.count % 3 == 2 { put(0, bytes[end], bytes[end - 1], 3, &out, &position) }
        }
    }

    private func put(
        _ high: UInt8, _ middle: UInt8, _ low: UInt8, _ count: Int, _ out: inout MutableSpan<UInt8>,
        _ position: inout Int
    ) {
        let group = Int(high) << 16 | Int(middle) << 8 | Int(low)
        for index in 0..<count {
            out[position] = ModularCrypt.hash64[(group >> (6 * index)) & 63]
            position += 1
        }
    }
}

/// Where the eight messages of SHA-crypt's rounds lie, one after the other, in a buffer.
///
/// Round r hashes: the key (r odd) or the last digest; the salt, unless 3 divides r; the key, unless 7 divides r; the last
/// digest (r odd) or the key.
private struct RoundMessages {
    /// Rounds repeat after so many. Counting them off costs less than three divisions a round.
    static let cycle = 2 * 3 * 7

    /// Bytes of all messages.
    let count: Int
    /// The message of each round of a cycle.
    let places: [Range<Int>]
    /// The place of the last digest in it.
    let digestPlaces: [Range<Int>]
    private let kinds: [Kind]

    private struct Kind {
        let isOdd: Bool
        let hasSalt: Bool
        let hasKey: Bool
        let place: Range<Int>
        let digestPlace: Range<Int>
    }

    /// Messages of parts of these lengths.
    init(key: Int, salt: Int, digest: Int) {
        var kinds: [Kind] = []
        for bits in 0..<8 {
            let (isOdd, hasSalt, hasKey) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0)
            let start = kinds.last?.place.upperBound ?? 0
            let end = start + key + digest + (hasSalt ? salt : 0) + (hasKey ? key : 0)
            let digestPlace = isOdd ? end - digest..<end : start..<start + digest
            kinds.append(
                Kind(isOdd: isOdd, hasSalt: hasSalt, hasKey: hasKey, place: start..<end, digestPlace: digestPlace))
        }
        var cycle: [Kind] = []
        for round in 0..<RoundMessages.cycle {
            let salt = round % 3 != 0 ? 2 : 0
            let key = round % 7 != 0 ? 4 : 0
            cycle.append(kinds[round % 2 + salt + key])
        }
        self.kinds = kinds
        count = kinds.last?.place.upperBound ?? 0
        places = cycle.map { kind in kind.place }
        digestPlaces = cycle.map { kind in kind.digestPlace }
    }

    /// Writes everything but the digests.
    func write(_ key: Span<UInt8>, _ salt: Span<UInt8>, _ area: inout MutableSpan<UInt8>) {
        for kind in kinds {
            var position = kind.isOdd ? kind.place.lowerBound : kind.digestPlace.upperBound
            if kind.isOdd { put(key, &area, &position) }
            if kind.hasSalt { put(salt, &area, &position) }
            if kind.hasKey { put(key, &area, &position) }
            if !kind.isOdd { put(key, &area, &position) }
        }
    }

    private func put(_ bytes: Span<UInt8>, _ area: inout MutableSpan<UInt8>, _ position: inout Int) {
        for index in bytes.indices { area[position + index] = bytes[index] }
        position += bytes.count
    }
}
