From Coq Require Import ZArith.
From Bignums Require Import BigZ.
From OneHalf Require Import Statement Certificate Code Checker.

(** Machine integers in pieces of 63 bits, fast inside Coq; and Coq's own integers, for extraction and for few axioms. *)
Module BigInts <: INTS.
  Definition t := BigZ.t_.
  Definition of_Z := BigZ.of_Z.
  Definition to_Z := BigZ.to_Z.
  Definition add := BigZ.add.
  Definition sub := BigZ.sub.
  Definition mul := BigZ.mul.
  Definition max := BigZ.max.
  Definition leb := BigZ.leb.
  Definition of_spec := BigZ.spec_of_Z.
  Definition add_spec := BigZ.spec_add.
  Definition sub_spec := BigZ.spec_sub.
  Definition mul_spec := BigZ.spec_mul.
  Definition max_spec := BigZ.spec_max.
  Definition leb_spec := BigZ.spec_leb.
End BigInts.

Module PlainInts <: INTS.
  Definition t := Z.
  Definition of_Z (z : Z) := z.
  Definition to_Z (z : Z) := z.
  Definition add := Z.add.
  Definition sub := Z.sub.
  Definition mul := Z.mul.
  Definition max := Z.max.
  Definition leb := Z.leb.
  Lemma of_spec z : to_Z (of_Z z) = z. Proof. reflexivity. Qed.
  Lemma add_spec x y : to_Z (add x y) = (to_Z x + to_Z y)%Z. Proof. reflexivity. Qed.
  Lemma sub_spec x y : to_Z (sub x y) = (to_Z x - to_Z y)%Z. Proof. reflexivity. Qed.
  Lemma mul_spec x y : to_Z (mul x y) = (to_Z x * to_Z y)%Z. Proof. reflexivity. Qed.
  Lemma max_spec x y : to_Z (max x y) = Z.max (to_Z x) (to_Z y). Proof. reflexivity. Qed.
  Lemma leb_spec x y : leb x y = Z.leb (to_Z x) (to_Z y). Proof. reflexivity. Qed.
End PlainInts.

Module Big := Checker.Make BigInts.
Module Plain := Checker.Make PlainInts.

(** The code that is extracted, and its soundness. *)
Module Native := Code PlainInts.
Theorem native_sound c : Native.check c = true -> facts c.
Proof. exact (Plain.check_sound c). Qed.
