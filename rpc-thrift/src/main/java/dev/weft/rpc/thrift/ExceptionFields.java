package dev.weft.rpc.thrift;

import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.TBase;
import org.apache.thrift.TFieldIdEnum;
import org.apache.thrift.meta_data.FieldMetaData;
import org.jspecify.annotations.Nullable;

/** The fields of a method's result that stand for its declared exceptions: all but that with the number 0. Thread-safe. */
final class ExceptionFields {
    /** Null until the first result was seen; found again by whoever does not see it. */
    private volatile @Nullable List<TFieldIdEnum> fields;

    boolean areIn(TBase<?, ?> result) {
        List<TFieldIdEnum> known = fields;
        if (known == null) {
            known = find(result);
            fields = known;
        }
        for (TFieldIdEnum field : known) {
            if (isSet(result, field)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the fields were found by the class of the result
    private static boolean isSet(TBase result, TFieldIdEnum field) {
        return result.isSet(field);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the map of a class has the fields of that class
    private static List<TFieldIdEnum> find(TBase<?, ?> result) {
        List<TFieldIdEnum> found = new ArrayList<>();
        for (Object field :
                FieldMetaData.getStructMetaDataMap((Class) result.getClass()).keySet()) {
            if (field instanceof TFieldIdEnum id && id.getThriftFieldId() != 0) {
                found.add(id);
            }
        }
        return List.copyOf(found);
    }
}
