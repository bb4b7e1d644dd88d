#!/usr/bin/env python3
"""Writes phone-numbers.json: make-phones.py > phone-numbers.json, with Python's phonenumbers 9.0.43.

Rows: [text, region, E.164 form or null], by what Flask-Security's PhoneUtil.get_canonical_form does.
"""
import json
import random

import phonenumbers

REGIONS = ["US", "DE", "FR", "GB", "JP", "BR", "IN", "AU", "IT", "CH"]
OTHERS = [("", "US"), ("abc", "US"), ("+", "US"), ("1", "US"), ("+1650555", "US"), ("650-555-1234", "US"),
          ("(650) 555-1234 ext. 7", "US"), ("1-800-FLOWERS", "US"), ("+٤٩٣٠١٢٣٤٥٦", "DE"), ("tel:+16505551234", "US"),
          ("+999123456", "US"), ("00493012345678", "DE"), ("911", "US")]


def canonical(text, region):
    try:
        number = phonenumbers.parse(text, region=region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


chance, rows = random.Random(7), list(OTHERS)
for region in REGIONS:
    # Fixed line, mobile, either, toll-free; E.164, international, national.
    for kind in range(4):
        number = phonenumbers.example_number_for_type(region, kind)
        if not number:
            continue
        for form in range(3):
            text = phonenumbers.format_number(number, form)
            rows += [(text, region), (text, "US")]
        place = chance.randrange(len(text))
        rows += [(text[:place] + text[place + 1:], region), (text[:place] + "7" + text[place:], region),
                 (text.replace(" ", "-").replace("0", "٠"), region)]
lines = [json.dumps([text, region, canonical(text, region)], ensure_ascii=False) for text, region in sorted(set(rows))]
print("[\n" + ",\n".join(lines) + "\n]")
