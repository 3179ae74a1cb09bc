package dev.weft.kv;

import dev.weft.serde.Serde;
import java.util.List;

/** What is at the keys asked for, in their order; the last ones may be left out. */
@Serde
public record StoreValues(List<StoreValue> values) {}
