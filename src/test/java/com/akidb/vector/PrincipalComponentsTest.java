package com.akidb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {

    @Test
    void findsTheDirectionsInWhichVectorsWereSpread() {
        Random random = new Random(7);
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            float[] vector = new float[33];
            for (int j = 0; j < vector.length; j++) {
                vector[j] = (float) random.nextGaussian() * 0.01f + 3;
            }
            vector[4] += (float) random.nextGaussian() * 5;
            vector[20] += (float) random.nextGaussian() * 2;
            vectors.add(vector);
        }

        PrincipalComponents plane = PrincipalComponents.of(vectors);

        assertThat(plane.first()[4]).isCloseTo(1, within(0.01f));
        assertThat(plane.second()[20]).isCloseTo(1, within(0.01f));
        assertThat(plane.explained()[0]).isBetween(0.7, 0.95);
        assertThat(plane.explained()[0] + plane.explained()[1]).isBetween(0.99, 1.0);
        assertThat(plane.x(vectors.get(3))).isCloseTo(vectors.get(3)[4] - plane.mean()[4], within(0.2f));
        assertThat(plane.y(plane.mean())).isCloseTo(0, within(0.001f));
    }

    @Test
    void givesTheSamePlaneForTheSameVectors() {
        List<float[]> vectors = List.of(new float[] {1, 2, 3}, new float[] {2, 1, 0}, new float[] {-4, 0, 1});

        assertThat(PrincipalComponents.of(vectors).first())
                .isEqualTo(PrincipalComponents.of(vectors).first());
    }

    @Test
    void putsVectorsThatDoNotDifferIntoOnePoint() {
        PrincipalComponents plane = PrincipalComponents.of(List.of(new float[] {1, 2}, new float[] {1, 2}));

        assertThat(plane.x(new float[] {1, 2})).isZero();
        assertThat(plane.y(new float[] {1, 2})).isZero();
        assertThat(plane.explained()).containsExactly(0, 0);
    }
}
